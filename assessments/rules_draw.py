"""The draw of a random inspection: with the seed number and the list anybody draws the same loans again, by hand.

1. The list: one line per loan, `contract number`, a tab, `township code`, sorted by contract number, each line ended
   by a line feed. Its SHA-256 (of the UTF-8 bytes) is printed beside the seed number.
2. Shares: of `size` loans each township gets size × its loans ÷ all loans, cut to whole numbers; what is left goes one
   by one to the largest remainders, of equal ones to the smaller township code (largest remainder method).
3. Draw: each loan's digest is the SHA-256 of `seed number`, a colon, `contract number`, in hexadecimal. In each
   township the loans with the smallest digests are drawn, as many as its share.

No clock, no database, no random numbers of the machine.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

METHOD = "sha256-1"


@dataclass(frozen=True)
class Entry:
    """A loan that may be drawn."""

    contract_number: str
    township_code: str


@dataclass(frozen=True)
class Drawn:
    """A loan that was drawn, with its place in the order of the draw (from 1)."""

    position: int
    entry: Entry
    digest: str


def list_of(entries: Iterable[Entry]) -> str:
    """Return the list as it is frozen and handed out."""
    lines = sorted((one.contract_number, one.township_code) for one in entries)
    return "".join(f"{number}\t{township}\n" for number, township in lines)


def entries_of(text: str) -> list[Entry]:
    """Return the loans of a list. Raises ValueError for a line that is none."""
    entries = []
    for line in text.splitlines():
        number, tab, township = line.partition("\t")
        if not (number and tab and township):
            raise ValueError(f"not a line of a list: {line!r}")
        entries.append(Entry(number, township))
    return entries


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def digest_of(seed: str, contract_number: str) -> str:
    return sha256(f"{seed}:{contract_number}".encode()).hexdigest()


def shares(counts: dict[str, int], *, size: int) -> dict[str, int]:
    """Return how many loans each township gives, by the largest remainder. The parts add up to the size.

    Raises ValueError where more are wanted than there are.
    """
    total = sum(counts.values())
    if not 0 <= size <= total:
        raise ValueError(f"{size} of {total} cannot be drawn")
    if total == 0:
        return {}
    found = {code: size * number // total for code, number in counts.items()}
    left = size - sum(found.values())
    by_remainder = sorted(counts, key=lambda code: (-(size * counts[code] % total), code))
    for code in by_remainder[:left]:
        found[code] += 1
    return found


def draw(entries: Sequence[Entry], *, seed: str, size: int) -> list[Drawn]:
    """Return the loans drawn, by township code and digest. Raises ValueError (too many, a loan twice)."""
    if len({one.contract_number for one in entries}) != len(entries):
        raise ValueError("a loan is on the list twice")
    wanted = shares(Counter(one.township_code for one in entries), size=size)
    found: list[tuple[str, Entry]] = []
    for code in sorted(wanted):
        digests = sorted(
            (digest_of(seed, one.contract_number), one.contract_number, one)
            for one in entries
            if one.township_code == code
        )
        found += [(digest, one) for digest, _number, one in digests[: wanted[code]]]
    return [Drawn(position, entry, digest) for position, (digest, entry) in enumerate(found, start=1)]
