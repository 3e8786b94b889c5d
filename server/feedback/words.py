"""The words of ratings and submissions that several screens share."""

from __future__ import annotations

from server.errors import N_

SCORE_WORDS = {
    "score_1": N_("Not satisfied at all"),
    "score_2": N_("Not satisfied"),
    "score_3": N_("Satisfied"),
    "score_4": N_("Very satisfied"),
}
REASON_WORDS = {
    "reason_waiting": N_("The waiting"),
    "reason_welcome": N_("The welcome"),
    "reason_clarity": N_("The explanations"),
    "reason_outcome": N_("The result"),
    "reason_place": N_("The place"),
}
RATING_WORDS = {
    "write_here": N_("Write here."),
    **SCORE_WORDS,
    **REASON_WORDS,
    "rate_title": N_("How was your visit?"),
    "rate_anonymous": N_("Your name is not asked. The clerk does not see who answered."),
    "rate_reason": N_("What was it about?"),
    "rate_reason_optional": N_("You may leave this out."),
    "rate_comment": N_("Would you like to add a few words?"),
    "rate_send": N_("Send"),
    "rate_skip": N_("Skip this question"),
    "rate_without": N_("Send without a comment"),
    "rate_thanks": N_("Thank you for your answer"),
    "rate_thanks_text": N_("It helps this office to do better."),
    "rate_sealed": N_("Your words are sealed at once: nobody in this office can read them, only the administration concerned."),
    "rate_back": N_("Back to my ticket"),
    "rate_write": N_("Write a complaint, an observation or a suggestion"),
    "rate_low_offer": N_("Would you like to write to us about it?"),
}
TYPE_WORDS = {
    "type_complaint": N_("Complaint"),
    "type_observation": N_("Observation"),
    "type_suggestion": N_("Suggestion"),
}
TYPE_HINTS = {
    "type_complaint_text": N_("Something went wrong, and I ask that it be put right."),
    "type_observation_text": N_("I noticed something that you should know."),
    "type_suggestion_text": N_("I have an idea that would make this better."),
}
STAGE_WORDS = {
    "stage_received": N_("Received"),
    "stage_transmitted": N_("Transmitted to the national portal"),
    "stage_assigned": N_("With the administration concerned"),
    "stage_answered": N_("Answered"),
}
WRITING_WORDS = {
    **TYPE_WORDS,
    **TYPE_HINTS,
    "write_title": N_("Complaint, observation or suggestion"),
    "write_what": N_("What would you like to leave?"),
    "write_text": N_("Your words"),
    "write_service": N_("Which service is it about?"),
    "write_no_service": N_("None of them"),
    "write_without": N_("Go on without"),
    "write_contact": N_("May we answer you?"),
    "write_consent": N_(
        "You may leave this out. A telephone number or an e-mail address is used only to answer you. It is sealed with your"
        " words and read only by the administration concerned (law 09-08)."
    ),
    "write_phone": N_("Telephone"),
    "write_email": N_("E-mail"),
    "write_sealed": N_("Your words are sealed at once: nobody in this office can read them, only the administration concerned."),
    "write_send": N_("Send"),
    "write_done": N_("We have received your words"),
    "write_reference": N_("Your reference"),
    "write_keep": N_("Keep it: with it you see here, at any time, how far it is. Nobody can find it again for you."),
    "write_not_offered": N_("This can't be taken here at the moment. Please call 3737, or write on chikaya.ma."),
    "follow_title": N_("How far is it?"),
    "follow_hint": N_("Type the reference: sixteen letters and digits."),
    "follow_show": N_("Show"),
    "follow_due": N_("An answer is due by %(day)s"),
    "follow_answer": N_("The answer"),
    **STAGE_WORDS,
}
