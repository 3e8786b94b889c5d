"""Sound as samples: read from any file that people record with, trimmed, brought to one loudness, written as Opus.

Only recordings and the clips' maker import this, in a process of their own: decoding what somebody uploaded must not be able to
bring the server down.
"""

from __future__ import annotations

import io
import math
from array import array
from dataclasses import dataclass

import av
from av.audio.resampler import AudioResampler

RATE = 24000
"""Samples a second: one of those that Opus knows, enough for a voice."""
BIT_RATE = 16000
LOUDNESS = 0.11
"""Root mean square of what is louder than silence; −19 dB."""
PEAK = 0.95
SILENCE = 0.012
KEPT_AROUND_S = 0.02
LONGEST_S = 600.0


class NoSound(Exception):
    """These bytes hold no sound that can be read."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel at RATE, samples between −1 and 1."""

    samples: array[float]

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    @property
    def loudness(self) -> float:
        """Root mean square of the samples that are not silence, 0 when all are."""
        loud = [sample * sample for sample in self.samples if abs(sample) > SILENCE]
        return math.sqrt(sum(loud) / len(loud)) if loud else 0.0

    def ready(self) -> Sound:
        """Without the silence around it and as loud as every other clip; raises NoSound when there is only silence."""
        loud = [at for at, sample in enumerate(self.samples) if abs(sample) > SILENCE]
        if not loud:
            raise NoSound("there is only silence")
        around = int(KEPT_AROUND_S * RATE)
        cut = Sound(self.samples[max(0, loud[0] - around) : loud[-1] + around])
        return cut._as_loud_as_all()

    def _as_loud_as_all(self) -> Sound:
        gain = min(LOUDNESS / self.loudness, PEAK / max(abs(sample) for sample in self.samples))
        return Sound(array("f", (sample * gain for sample in self.samples)))


def decode(content: bytes, longest_s: float = LONGEST_S) -> Sound:
    """The first sound in a file's bytes, cut off behind `longest_s`; raises NoSound."""
    samples = array("f")
    resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
    try:
        with av.open(io.BytesIO(content), "r", metadata_errors="ignore") as container:
            for frame in container.decode(container.streams.audio[0]):
                for piece in resampler.resample(frame):
                    samples.frombytes(bytes(piece.planes[0])[: piece.samples * 4])
                if len(samples) > longest_s * RATE:
                    break
            for piece in resampler.resample(None):
                samples.frombytes(bytes(piece.planes[0])[: piece.samples * 4])
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise NoSound(str(error)) from error
    return Sound(samples)


def as_opus(sound: Sound) -> bytes:
    """An Ogg file with the sound as Opus."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame(format="flt", layout="mono", samples=len(sound.samples))
        frame.planes[0].update(sound.samples.tobytes())
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return out.getvalue()
