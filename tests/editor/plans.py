"""Plans of a given length for the editor's benchmark: the same content as Remit, as TOML for taplo and as YAML for yaml-language-server."""

import json

YEARS = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24"]
FUNCTIONS = ["workforce-planning", "international-recruitment", "supply-and-retention", "leadership-development"]


def records(lines):
    """Commitments, funding and measures, each about ten lines long, until there are as many lines as asked for."""
    made, count, at = [], 12, 0
    while count < lines:
        at += 1
        made.append(("funding", f"settlement-{at}", {"amount": f"£{at % 90 + 1}m for 2020/21", "status": "confirmed", "holder": "QHM"}))
        made.append(("commitment", f"commitment-{at}", {
            "on": FUNCTIONS[at % len(FUNCTIONS)], "owner": "QHM", "sro": f"Director number {at}", "due": f"202{at % 3 + 1}-03-31",
            "funding": f"settlement-{at}", "delivers": f"{at % 50 + 1} wte of registered-nursing by 2020/21", "measure": f"Posts filled in round {at}"}))
        made.append(("measure", f"measure-{at}", {
            "domain": "engagement", "year": YEARS, "planned": [60 + (at + year) % 30 for year in range(5)], "reported-to": "QHM"}))
        count += 6 + 10 + 7
    return made


def remit(lines):
    out = ['plan "Our people" for QHM {', "  framework  nhs-people-framework 2019", "  horizon    2019/20 to 2023/24", "  baseline   2018/19",
           "  submitted  2019-09-27", "}", "system QHM in north-east-and-yorkshire {", '  better-place-to-work "By listening"',
           '  leadership-and-culture "By leading"', "}", ""]
    for kind, name, fields in records(lines):
        out.append(f'{kind} {name} "The {name}" {{')
        for field, value in fields.items():
            if isinstance(value, list):
                words = "  ".join(str(one) for one in value)
            else:
                words = f'"{value}"' if field in ("sro", "measure") else str(value)
            out.append(f"  {field:<12} {words}")
        out.append("}")
        out.append("")
    return "\n".join(out) + "\n"


def toml(lines):
    out = ["[plan]", 'title = "Our people"', 'for = "QHM"', 'framework = "nhs-people-framework"', 'horizon = "2019/20 to 2023/24"', ""]
    for kind, name, fields in records(lines):
        out.append(f"[{kind}.{name}]")
        out.append(f'title = "The {name}"')
        for field, value in fields.items():
            out.append(f"{field} = {json.dumps(value, ensure_ascii=False)}")
        out.append("")
    return "\n".join(out) + "\n"


def yaml(lines):
    out = ["plan:", "  title: Our people", "  for: QHM", "  framework: nhs-people-framework", '  horizon: "2019/20 to 2023/24"']
    made = records(lines)
    for wanted in ("funding", "commitment", "measure"):
        out.append(f"{wanted}:")
        for _, name, fields in (record for record in made if record[0] == wanted):
            out.append(f"  {name}:")
            out.append(f"    title: The {name}")
            for field, value in fields.items():
                out.append(f"    {field}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(out) + "\n"


def schema():
    text = {"type": "string"}
    def kind(fields):
        return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": False, "properties": {"title": text, **fields}}}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": False, "properties": {
        "plan": {"type": "object", "properties": {"title": text, "for": text, "framework": text, "horizon": text}},
        "funding": kind({"amount": text, "status": {"enum": ["confirmed", "planned", "unfunded"]}, "holder": text}),
        "commitment": kind({"on": {"enum": FUNCTIONS}, "owner": text, "sro": text, "due": {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"},
                            "funding": text, "delivers": text, "measure": text}),
        "measure": kind({"domain": {"enum": ["engagement", "wellbeing"]}, "year": {"type": "array", "items": text},
                         "planned": {"type": "array", "items": {"type": "number"}}, "reported-to": text})}}
