"""The citizen's word: ratings of visits, and complaints, observations and suggestions.

service      what screens and the API call
ratings      one a visit, without an identity
submissions  sealed in memory, owed to the portal, followed by their reference
sealing      to whose keys
stages       what the portal tells of a submission
pace         how often the same place may try
overview     what the manager sees of ratings; dips, what is told when they fall
"""

from server.feedback.service import Feedback

__all__ = ["Feedback"]
