"""Measurements of formats: codecs, versions of schemas, wide records, JSON lines and CSV."""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLE = ROOT / "examples" / "large_trades"

CODECS = ("deflate", "snappy", "zstandard")
WIDE_FIELDS = 200


def peers_of(bench, source):
    found = sorted(bench.bin.glob(f"{source}_*"))
    if not found:
        sys.exit(f"{source} is not built (RULEC_BENCH)")
    return found


def fastest(medians, names):
    return min(names, key=lambda name: medians[name][0])


def codecs(bench, check_call, one):
    """The first rule over packed blocks, beside a program that unpacks and decodes the same blocks."""
    count = bench.args.records // 5
    for codec in CODECS:
        trades = bench.work / f"trades_{count}.{codec}.avro"
        if not trades.exists():
            check_call([bench.bin / "rulec", "gen", EXAMPLE, "trades", "--count", count, "--seed", 1, "--shape",
                        EXAMPLE / "trades.shape.toml", "--codec", codec, "--out", bench.work / "part.avro"])
            (bench.work / "part.avro").rename(trades)
        peers = peers_of(bench, "handwritten_trades")
        programs = {str(peer): [peer, trades, bench.work / "handwritten_packed.avro", "3000", "10"] for peer in peers}
        programs["job"] = [one, "--in", f"trades={trades}", "--out", f"alerts={bench.work / 'packed.avro'}"]
        medians = bench.in_turns(programs)
        peer = fastest(medians, map(str, peers))
        bench.row(f"{codec}: one rule, wall", count / medians["job"][0] / 1e6, "M/s")
        bench.row(f"{codec}: one rule / hand-written, wall", medians[peer][0] / medians["job"][0], "", 0.9)
        bench.compare_payloads("packed.avro", "handwritten_packed.avro")


def decoders(bench, trades):
    """Decoding alone, by generated code and by tables; what it takes to make a decoder of 1,000 fields."""
    program = bench.bin / "decoders"
    if not program.exists():
        sys.exit(f"{program} is not built (RULEC_BENCH)")
    rounds = max(5, bench.args.rounds)
    done = subprocess.run([program, EXAMPLE / "rules" / "large_trades.rule", EXAMPLE / "schemas", trades, str(rounds)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"decoders: {done.stderr}")
    times = json.loads(done.stdout)
    bench.row("D: one record", times["generated_ns"], "ns")
    bench.row("D / the table-driven decoder, speed", times["datum_ns"] / times["generated_ns"], "", 10)
    bench.row("D / tables straight to columns, speed", times["table_ns"] / times["generated_ns"], "")
    bench.row("D of 1,000 fields, all in use: compile, CPU", times["wide_all_ms"], "ms", 1000, least=False)
    bench.row("D of 1,000 fields, three in use: compile, CPU", times["wide_three_ms"], "ms", 500, least=False)


def resolution(bench, check_call):
    """The same bytes read with the schema they were written with, and as a later version."""
    count = bench.args.records // 2
    folder = HERE / "resolution"
    trades = bench.work / f"old_trades_{count}.avro"
    schemas = ["--schemas", folder / "schemas"]
    if not trades.exists():
        check_call([bench.bin / "rulec", "gen", folder / "plain.rule", "trades", "--count", count, "--seed", 1, *schemas,
                    "--out", bench.work / "part.avro"])
        (bench.work / "part.avro").rename(trades)
    programs = {}
    for name in ("plain", "resolved"):
        job = bench.work / name
        check_call([bench.bin / "rulec", "build", folder / f"{name}.rule", *schemas, "--target-cpu", "native", "-o", job])
        programs[name] = [job, "--in", f"trades={trades}", "--out", f"found={bench.work / name}.avro"]
    medians = bench.in_turns(programs)
    bench.row("decode with resolution / without, wall", medians["plain"][0] / medians["resolved"][0], "", 0.8)


def wide(bench, check_call):
    """200 fields, of which the rule reads three."""
    count = bench.args.records // 100
    folder = bench.work / "wide"
    (folder / "schemas" / "bench.Wide").mkdir(parents=True, exist_ok=True)
    types = ["long", "string", "double", "int", ["null", "long"]]
    fields = [{"name": f"f{i}", "type": types[i % len(types)]} for i in range(WIDE_FIELDS)]
    schema = {"type": "record", "name": "Wide", "namespace": "bench", "fields": fields}
    (folder / "schemas" / "bench.Wide" / "1.avsc").write_text(json.dumps(schema))
    rule = folder / "wide.rule"
    rule.write_text('schema Wide = avro "bench.Wide"\nstream wides : Wide { }\n'
                    "rule wide { from wides where f0 >= 900_000 emit found { f100, f196 } }\n")
    data, job = folder / f"wide_{count}.avro", folder / "job"
    if not data.exists():
        check_call([bench.bin / "rulec", "gen", rule, "wides", "--count", count, "--seed", 1, "--out", folder / "part.avro"])
        (folder / "part.avro").rename(data)
    check_call([bench.bin / "rulec", "build", rule, "--target-cpu", "native", "-o", job])
    peers = peers_of(bench, "handwritten_wide")
    programs = {str(peer): [peer, data, "900000"] for peer in peers}
    programs["job"] = [job, "--in", f"wides={data}", "--out", f"found={folder / 'found.avro'}"]
    medians = bench.in_turns(programs)
    kept = json.loads(subprocess.run([peers[0], data, "900000"], capture_output=True, check=True).stdout)["kept"]
    if bench.records_of(folder / "found.avro") != kept:
        sys.exit("the wide rule and its hand-written peer disagree")
    peer = fastest(medians, map(str, peers))
    bench.row("3 of 200 fields: wall", count / medians["job"][0] / 1e6, "M/s")
    bench.row("3 of 200 fields / hand-written, wall", medians[peer][0] / medians["job"][0], "", 0.9)


def expressions(bench, check_call):
    """Compiled expressions beside the same C++ by hand."""
    folder, events = HERE / "expressions", bench.work / "expression_events.avro"
    rule = folder / "expressions.rule"
    if not events.exists():
        check_call([bench.bin / "rulec", "gen", rule, "events", "--count", 100_000, "--seed", 1, "--shape",
                    folder / "events.shape.toml", "--out", bench.work / "part.avro"])
        (bench.work / "part.avro").rename(events)
    done = subprocess.run([bench.bin / "expressions", rule, events, "201"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"expressions: {done.stderr}")
    for name, times in json.loads(done.stdout).items():
        bench.row(f"{name}: compiled", times["compiled_ns"], "ns")
        bench.row(f"{name}: compiled / by hand", times["compiled_ns"] / times["by_hand_ns"], "", 1.2, least=False)
