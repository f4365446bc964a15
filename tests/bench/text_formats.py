"""Measurements of text: JSON lines beside simdjson's own loop, CSV by the bytes it reads."""
import json
import subprocess
import sys

import formats

LEAST_SIZE, ABOVE_PRICE = 100_000, 10.0  # few trades pass, so that reading is what takes time


def lines_of_trades(bench, check_call, count):
    lines = bench.work / f"trades_{count}.jsonl"
    if not lines.exists():
        part = bench.work / "part.jsonl"
        check_call([bench.bin / "rulec", "gen", formats.EXAMPLE, "trades", "--count", count, "--seed", 1, "--shape",
                    formats.EXAMPLE / "trades.shape.toml", "--out", part])
        part.rename(lines)
    return lines


def job(one, source, out):
    return [one, "--in", f"trades={source}", "--out", f"alerts={out}", "--param", f"least_size={LEAST_SIZE}",
            "--param", f"above_price={ABOVE_PRICE}"]


def json_lines(bench, check_call, one):
    count = bench.args.records // 5
    lines = lines_of_trades(bench, check_call, count)
    peers = formats.peers_of(bench, "handwritten_json")
    programs = {str(peer): [peer, lines, str(LEAST_SIZE), str(ABOVE_PRICE)] for peer in peers}
    programs["job"] = job(one, lines, bench.work / "json.avro")
    medians = bench.in_turns(programs)
    kept = json.loads(subprocess.run(programs[str(peers[0])], capture_output=True, check=True).stdout)["kept"]
    if bench.records_of(bench.work / "json.avro") != kept:
        sys.exit("the rule over JSON lines and its hand-written peer disagree")
    peer = formats.fastest(medians, map(str, peers))
    bench.row("JSON lines: one rule, wall", lines.stat().st_size / medians["job"][0] / 1e9, "GB/s")
    bench.row("JSON lines: one rule / simdjson ondemand, wall", medians[peer][0] / medians["job"][0], "", 0.9)
    bench.row("JSON lines: one rule / simdjson ondemand, CPU", medians[peer][1] / medians["job"][1], "")


def csv(bench, check_call, one):
    count = bench.args.records // 5
    lines = lines_of_trades(bench, check_call, count)
    for name, quote in (("CSV", "{}"), ("CSV, texts in quotes", '"{}"')):
        table = bench.work / f"trades_{count}_{len(quote)}.csv"
        if not table.exists():
            write_csv(lines, table, quote)
        out = bench.work / "csv.avro"
        medians = bench.in_turns({"job": job(one, table, out)})
        check_call(job(one, lines, bench.work / "json.avro"))
        bench.compare_payloads("json.avro", "csv.avro")
        bench.row(f"{name}: one rule, wall", table.stat().st_size / medians["job"][0] / 1e9, "GB/s", 0.5)


def write_csv(lines, table, quote):
    with open(lines) as source, open(table.with_suffix(".part"), "w") as out:
        for number, line in enumerate(source):
            trade = json.loads(line)
            if number == 0:
                out.write(",".join(trade) + "\n")
            out.write(",".join(quote.format(v) if isinstance(v, str) else str(v) for v in trade.values()) + "\n")
    table.with_suffix(".part").rename(table)
