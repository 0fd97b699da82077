#!/usr/bin/env python3
"""Write the bodies register of the NHS people framework pack.

    python3 registers.py INPUT_FOLDER OUTPUT_FOLDER

Reads the project's research data (regions, integrated care boards and their
succession, two NHS trust registers, one list of primary care networks, the
2018 workforce file that carries a March 2022 register) and writes three tables:

    bodies.csv       what bodies there are, and when each existed
    memberships.csv  between which dates we hold evidence that a body belonged to a parent
    successions.csv  which body took over from which, and when

The tables state evidence, not inference. A snapshot shows a membership on its own
day; between two consecutive snapshots that agree the membership is taken to have
held; where they disagree, and no published succession explains it, the days between
are left open. README.md beside the tables says what each column means.

The output depends on nothing but the input: no clock, no network, sorted rows.
Standard library only.
"""

import csv
import re
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

# --- Dates of the evidence -------------------------------------------------------

# The first national edition (the Interim NHS People Plan). No plan is checked against
# anything earlier, and no data here shows that the systems existed before it.
EVIDENCE_BEGINS = "2019-06-03"
SYSTEMS_BEGIN = "2022-07-01"        # 42 integrated care boards established
SUCCESSION = "2026-04-01"           # 12 dissolved, 6 created: 36
LAST_OF_THE_42 = "2026-03-31"
REGISTER_2022 = "2022-03-31"
REGISTER_2025 = "2025-07-15"
REGISTER_2026 = "2026-07-08"
PCN_FIRST, PCN_LAST = "2022-01-01", "2022-01-31"

SNAPSHOT_KEYS = {
    REGISTER_2022: "ods-etr-2022-03",
    REGISTER_2025: "ods-etr-2025-07",
    REGISTER_2026: "ods-etr-2026-07",
}
SUCCESSION_KEY = "ods-succession-2026-04"

# Closed trusts whose system in the 2018 workforce file was set by hand (README of the
# input): a researcher's reading, so no evidence.
HAND_SET = {"RC1", "RDD", "RQ8", "RGQ"}

# --- Bodies without an ODS code in the data --------------------------------------
# code, name, kind, evidence, source. The code serves as the alias. No dates: the data
# support none of them, not even the mergers of NHS Improvement and of Health Education
# England into NHS England; and NHS England's own abolition has no published date.

NATIONAL = [
    ("nation", "The Department of Health and Social Care and NHS England together",
     "nation", "2025", "project"),
    ("dhsc", "Department of Health and Social Care", "national-body", "2025", "domain"),
    ("nhs-england", "NHS England", "national-body", "2025", "domain"),
    ("nhs-improvement", "NHS Improvement", "national-body", "2025", "domain"),
    ("health-education-england", "Health Education England", "national-body", "2025", "domain"),
    ("cqc", "Care Quality Commission", "system-regulator", "2025", "domain"),
    ("nhsprb", "NHS Pay Review Body", "pay-review-body", "2025", "domain"),
    ("ddrb", "Review Body on Doctors' and Dentists' Remuneration", "pay-review-body", "2025", "domain"),
    ("ssrb", "Senior Salaries Review Body", "pay-review-body", "2025", "domain"),
    # In no data file: social workers are missing from regulated_professions.csv.
    ("social-work-england", "Social Work England", "professional-regulator", "2025", "project"),
]

# regulated_professions.csv names the regulators by initials only.
REGULATORS = {
    "GMC": "General Medical Council",
    "GDC": "General Dental Council",
    "NMC": "Nursing and Midwifery Council",
    "GPhC": "General Pharmaceutical Council",
    "GOC": "General Optical Council",
    "HCPC": "Health and Care Professions Council",
}

# The organisation types of the NHS sickness statistics; any other, or none, is `nhs-trust`.
TRUST_KINDS = [
    ("Acute", "acute-trust"),
    ("Mental Health", "mental-health-trust"),
    ("Community", "community-trust"),
    ("Ambulance", "ambulance-trust"),
]

KIND_ORDER = [
    "nation", "national-body", "system-regulator", "professional-regulator", "pay-review-body",
    "nhs-region", "integrated-care-system", "acute-trust", "mental-health-trust",
    "community-trust", "ambulance-trust", "nhs-trust", "primary-care-network",
]

# --- Names in readable case ------------------------------------------------------

SMALL_WORDS = set("and at for in is le of on the under upon with".split())

# Words of the registers that stay in capitals. Best effort: the registers have no case.
CAPITALS = set("""
    NHS PCN GP GPS CCG CIC II III IV
    ABC ACF AIC APL ARA ASOP BACHS BMC BMW BNSSG BYTES CHAW CHOC CLICK COCO COLTE CW DHG FABB
    FOSS GHR GOSK GRIPC HH HIP HIPC HLH HMG HOSMS HWL IGPC IMP IW KIWY KWH LIGA LMN LOCC LSA
    LSMP MK MMP MMWF NEL NGP NORA NSG PCCO RPN RWT SAPA SASSE SE SEOXHA SHAPE SHU SMASH SW SWAGGA
    SWB TABA TASC TMR TWNS WACA WB WBC WCW WF WGGL WHAM WREN
""".split())

EXCEPTIONS = {"UOS": "UoS", "TOGETHER4HEALTHCARE": "Together4Healthcare"}

WORD = re.compile(r"[A-Z0-9][A-Z0-9'’]*")


def readable(name):
    """Turn a register's capitals into a name: "THE WALTON CENTRE" -> "The Walton Centre"."""

    def word(match):
        text = match.group()
        if text in EXCEPTIONS:
            return EXCEPTIONS[text]
        if text in CAPITALS or len(text) == 1 or any(c.isdigit() for c in text):
            return text
        if text.lower() in SMALL_WORDS and match.start() > 0:
            return text.lower()
        return text[0] + text[1:].lower()

    result = WORD.sub(word, " ".join(name.upper().split()))
    # A company's name, not the preposition.
    return re.sub(r"^At Medics\b", "AT Medics", result)


def slug(name):
    """A kebab-case name: "North East and Yorkshire" -> "north-east-and-yorkshire"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


# --- Reading ---------------------------------------------------------------------


def read(folder, name):
    """The rows of a CSV file as dictionaries, with stray blanks removed."""
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


def keyed(rows, column):
    """Rows by their key, which must not repeat."""
    result = {row[column]: row for row in rows}
    assert len(result) == len(rows), f"{column} repeats"
    return result


class Input:
    """The files of the input folder that the register is made of."""

    def __init__(self, folder):
        self.regions = read(folder, "nhs_england_regions.csv")
        self.systems = keyed(read(folder, "icbs.csv"), "icb_ods_code")
        self.systems_42 = keyed(read(folder, "icbs_42_2022-07-01_to_2026-03-31.csv"), "icb_ods_code")
        self.systems_36 = keyed(read(folder, "icbs_36_from_2026-04-01.csv"), "icb_ods_code")
        self.succession = read(folder, "icb_succession_2026-04-01.csv")
        self.trusts_2025 = keyed(read(folder, "nhs_trusts_2025-07_under_42_icbs.csv"), "trust_ods_code")
        self.trusts_2026 = keyed(read(folder, "nhs_trusts_2026-07.csv"), "trust_ods_code")
        self.pcns = keyed(read(folder, "pcns_2022-01.csv"), "pcn_ods_code")
        self.professions = read(folder, "regulated_professions.csv")

        # Trust -> system in the March 2022 register, read through the 2018 workforce file.
        self.systems_2022 = {}
        for row in read(folder, "hchs_fte_by_org_staffgroup_2017-09_2018-06.csv"):
            code, system = row["org_ods_code"], row["ics_ods_code_by_2022_register"]
            if system and code not in HAND_SET:
                assert self.systems_2022.setdefault(code, system) == system, code
        # Both opened after the staff figures of 2018 on which that column hangs; the March 2022 register itself
        # (nhsx-mirror/SystemHierarchies, data/etr.csv @ c38ca0a1) shows them, and was read.
        self.systems_2022.update({"R0B": "QHM", "R0D": "QVV"})

        # Where each system's area went on 1 April 2026.
        self.successors = defaultdict(set)
        for row in self.succession:
            self.successors[row["predecessor_ods"]].add(row["successor_ods"])


# --- Bodies ----------------------------------------------------------------------


def body(code, name, kind, evidence, source, alias="", region="", opened="", closed=""):
    return {
        "code": code, "alias": alias, "name": name, "kind": kind, "region": region,
        "opened": opened, "closed": closed, "evidence": evidence, "source": source,
    }


def trust_kind(organisation_type):
    for prefix, kind in TRUST_KINDS:
        if organisation_type.startswith(prefix):
            return kind
    return "nhs-trust"


def national_bodies(data):
    for code, name, kind, evidence, source in NATIONAL:
        yield body(code, name, kind, evidence, source, alias=code)
    # "NMC (England only)", "GMC (from 13 Dec 2024)": the initials are the first word.
    for initials in {row["regulator"].split()[0] for row in data.professions}:
        code = initials.lower()
        yield body(code, REGULATORS[initials], "professional-regulator", "2025",
                   "regulated-professions", alias=code)


def regions(data):
    for row in data.regions:
        yield body(row["region_ods_code"], row["region_name"], "nhs-region", "2022-07",
                   "ods-nhser-2022-07", alias=slug(row["region_name"]))


def systems(data):
    for code, row in data.systems.items():
        survives = code in data.systems_36
        created = code not in data.systems_42
        yield body(
            code, row["system_short_name"], "integrated-care-system",
            # The dissolved are last told of by the succession record.
            "2026-07" if survives else "2026-04", "ods-icb", region=row["region_ods_code"],
            # Before July 2022 the codes of the 42 named partnerships, whose own dates are
            # not verified: blank rather than the day on which the boards became statutory.
            opened=SUCCESSION if created else "",
            closed="" if survives else LAST_OF_THE_42,
        )


def trusts(data):
    # The union of both registers; the later one wins for names, dates and regions.
    for code in data.trusts_2025.keys() | data.trusts_2026.keys():
        latest = data.trusts_2026.get(code)
        row = latest or data.trusts_2025[code]
        yield body(
            code, readable(row["trust_name"]), trust_kind(row.get("nhsd_org_type_2024_25", "")),
            "2026-07" if latest else "2025-07",
            "ods-etr-2026-07" if latest else "ods-etr-2025-07",
            region=row["region_ods_code"], opened=row["open_date"], closed=row.get("close_date", ""),
        )


def networks(data):
    for code, row in data.pcns.items():
        yield body(code, readable(row["pcn_name"]), "primary-care-network", "2022-01",
                   "ods-pcn-2022-01", region=row["region_ods_code"])


# --- Memberships -----------------------------------------------------------------


def membership(code, parent, first, last, source):
    return {"code": code, "parent": parent, "first": first, "last": last, "source": source}


def joined(*sources):
    """Several source keys as one cell, each once, in order."""
    return " ".join(sorted({key for source in sources for key in source.split()}))


def parent_at_closing(data, code, closed):
    """The system of a closed trust on its last day, with the source; or None.

    The 2026 register moves closed trusts, too, to the successors of their systems: it puts
    trusts that closed in 2024 under systems created in 2026. So what it shows for a closed
    trust is not always the parent at closing. Where it names a system that did not exist
    on that day, an earlier register decides, if it names a predecessor of that system.
    """
    now = data.trusts_2026[code]["icb_ods_code"]
    if closed >= SUCCESSION or now in data.systems_42:
        return now, "ods-etr-2026-07"
    if code in data.trusts_2025:
        before, source = data.trusts_2025[code]["icb_ods_code"], "ods-etr-2025-07"
    elif code in data.systems_2022:
        # The 2022 register still listed trusts closed since April 2020. A system of the old
        # map can only have come from there: the 2026 register no longer knows it.
        before, source = data.systems_2022[code], "ods-etr-2022-03"
    else:
        return None
    if now not in data.successors[before]:
        return None
    return before, joined(source, SUCCESSION_KEY, "ods-etr-2026-07")


def observations(data, code, opened, closed):
    """What was seen of a trust's parent: [(day, parent, source)], by day."""
    seen = []
    alive = lambda day: opened <= day and (not closed or day <= closed)
    if code in data.systems_2022 and alive(REGISTER_2022):
        # Of trusts closed earlier, the workforce file took the system from the 2026 register.
        seen.append((REGISTER_2022, data.systems_2022[code], SNAPSHOT_KEYS[REGISTER_2022]))
    if code in data.trusts_2025 and alive(REGISTER_2025):
        seen.append((REGISTER_2025, data.trusts_2025[code]["icb_ods_code"], SNAPSHOT_KEYS[REGISTER_2025]))
    if not closed:
        if code in data.trusts_2026:
            seen.append((REGISTER_2026, data.trusts_2026[code]["icb_ods_code"], SNAPSHOT_KEYS[REGISTER_2026]))
    elif closed >= EVIDENCE_BEGINS:
        # Of trusts that closed before the first edition the register's parent is the area's
        # system of today: no evidence that any system existed on that day.
        at_closing = parent_at_closing(data, code, closed)
        if at_closing:
            seen.append((closed, *at_closing))
    return sorted(seen)


def trust_memberships(data, code, opened, closed):
    """Join a trust's observations into spans.

    Two registers that agree make one span. A change along a published succession of 1 April
    2026 happened on that day. Any other change has no known day: the old span ends with
    the last register that shows it, the new one begins with the first.

    So are the two corrections by ODS treated that no succession explains. Oxleas (RPG) is
    in QKK until the 2025 register and in QKS from the 2026 one. Sandwell and West
    Birmingham (RXK) is in QUA, QHL and QUA again: the monthly statistics of 2024/25 put it
    in QHL too, so the middle register is kept as what was then published rather than
    overwritten. Between the registers the table stays silent.
    """
    spans = []
    for day, parent, source in observations(data, code, opened, closed):
        previous = spans[-1] if spans else None
        if previous and previous["parent"] == parent:
            previous["last"] = day
            previous["source"] = joined(previous["source"], source)
            continue
        first = day
        if (previous and previous["last"] < SUCCESSION <= day
                and parent in data.successors[previous["parent"]]):
            previous["last"], first = LAST_OF_THE_42, SUCCESSION
            previous["source"] = joined(previous["source"], SUCCESSION_KEY)
            source = joined(SUCCESSION_KEY, source)
        spans.append(membership(code, parent, first, day, source))
    if spans and not closed and spans[-1]["last"] == REGISTER_2026:
        spans[-1]["last"] = ""
    return spans


def memberships(data, bodies):
    for code in ("dhsc", "nhs-england"):
        # `nation` is the project's word for the two together, from the first edition on.
        yield membership(code, "nation", EVIDENCE_BEGINS, "", "project")
    for code, row in data.systems.items():
        yield membership(
            code, row["region_ods_code"],
            SYSTEMS_BEGIN if code in data.systems_42 else SUCCESSION,
            "" if code in data.systems_36 else LAST_OF_THE_42,
            "ods-icb",
        )
    for code in data.trusts_2025.keys() | data.trusts_2026.keys():
        yield from trust_memberships(data, code, bodies[code]["opened"], bodies[code]["closed"])
    for code, row in data.pcns.items():
        yield membership(code, row["ics_ods_code_2022"], PCN_FIRST, PCN_LAST, "ods-pcn-2022-01")


# --- Successions -----------------------------------------------------------------


def successions(data):
    for row in data.succession:
        yield {
            "code": row["predecessor_ods"], "successor": row["successor_ods"],
            "date": row["effective_date"], "kind": row["type"], "source": SUCCESSION_KEY,
        }


# --- Invariants ------------------------------------------------------------------


def check_input(data):
    """What the files say about each other."""
    assert data.systems.keys() == data.systems_42.keys() | data.systems_36.keys()
    for code, row in data.systems.items():
        created, dissolved = code not in data.systems_42, code not in data.systems_36
        assert row["valid_from"] == (SUCCESSION if created else SYSTEMS_BEGIN), code
        assert row["valid_to"] == (LAST_OF_THE_42 if dissolved else ""), code
        for table in (data.systems_42, data.systems_36):
            if code in table:
                for column in ("system_short_name", "region_ods_code"):
                    assert table[code][column] == row[column], (code, column)
    for row in data.succession:
        assert row["effective_date"] == SUCCESSION
    for code in data.trusts_2025.keys() & data.trusts_2026.keys():
        assert data.trusts_2025[code]["open_date"] == data.trusts_2026[code]["open_date"], code
    for row in data.trusts_2026.values():
        assert (row["status"] == "closed") == bool(row["close_date"]), row["trust_ods_code"]


def check_output(bodies, members, successors):
    """What every user of the tables may rely on."""

    def valid(*dates):
        return all(not d or date.fromisoformat(d).isoformat() == d for d in dates)

    for code, row in bodies.items():
        assert row["name"] and row["kind"] in KIND_ORDER and row["evidence"] and row["source"], code
        assert valid(row["opened"], row["closed"]), code
        assert not (row["opened"] and row["closed"]) or row["opened"] <= row["closed"], code
        assert not row["region"] or bodies[row["region"]]["kind"] == "nhs-region", code
    aliases = [row["alias"] for row in bodies.values() if row["alias"]]
    assert len(aliases) == len(set(aliases)), "an alias repeats"
    assert all(bodies.get(a, {"alias": a})["alias"] == a for a in aliases), "an alias is another's code"
    kinds = [row["kind"] for row in bodies.values()]
    assert kinds.count("nhs-region") == 7
    assert kinds.count("integrated-care-system") == 48

    by_code = defaultdict(list)
    for row in members:
        child, parent = bodies[row["code"]], bodies[row["parent"]]
        first, last = row["first"], row["last"] or "9999-12-31"
        assert row["first"] and valid(row["first"], row["last"]) and first <= last, row
        for who in (child, parent):
            assert not who["opened"] or who["opened"] <= first, row
            assert not who["closed"] or (row["last"] and last <= who["closed"]), row
        if not row["last"] and parent["kind"] == "integrated-care-system":
            assert child["region"] == parent["region"], row
        by_code[row["code"]].append((first, last))
    for code, spans in by_code.items():
        for (_, last), (first, _) in zip(sorted(spans), sorted(spans)[1:]):
            assert last < first, f"{code} has two parents on one day"
    for code, row in bodies.items():
        if row["kind"].endswith("-trust") and not row["closed"]:
            assert by_code[code], f"{code} has no parent"

    def systems_on(day):
        return {row["code"] for row in members
                if bodies[row["parent"]]["kind"] == "nhs-region"
                and row["first"] <= day <= (row["last"] or day)}

    day, end = date.fromisoformat(SYSTEMS_BEGIN), date.fromisoformat(REGISTER_2026)
    while day <= end:
        expected = 42 if day.isoformat() <= LAST_OF_THE_42 else 36
        assert len(systems_on(day.isoformat())) == expected, day
        day += timedelta(days=1)

    for row in successors:
        old, new = bodies[row["code"]], bodies[row["successor"]]
        assert valid(row["date"]) and row["kind"] in ("merger", "split", "acquisition"), row
        assert date.fromisoformat(old["closed"]) + timedelta(days=1) == date.fromisoformat(row["date"]), row
        assert not new["opened"] or new["opened"] == row["date"], row
    dissolved = {c for c, r in bodies.items() if r["kind"] == "integrated-care-system" and r["closed"]}
    assert {row["code"] for row in successors} == dissolved and len(dissolved) == 12


# --- Writing ---------------------------------------------------------------------


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(input_folder, output_folder):
    data = Input(Path(input_folder))
    check_input(data)

    rows = [row for part in (national_bodies, regions, systems, trusts, networks) for row in part(data)]
    rows.sort(key=lambda row: (KIND_ORDER.index(row["kind"]), row["code"]))
    bodies = keyed(rows, "code")
    members = sorted(memberships(data, bodies), key=lambda row: (row["code"], row["first"]))
    successors = sorted(successions(data), key=lambda row: (row["code"], row["successor"]))
    check_output(bodies, members, successors)

    output = Path(output_folder)
    output.mkdir(parents=True, exist_ok=True)
    write(output / "bodies.csv", "code,alias,name,kind,region,opened,closed,evidence,source", rows)
    write(output / "memberships.csv", "code,parent,first,last,source", members)
    write(output / "successions.csv", "code,successor,date,kind,source", successors)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python3 registers.py INPUT_FOLDER OUTPUT_FOLDER")
    main(*sys.argv[1:])
