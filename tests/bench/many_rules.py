"""Measurements of programs with many rules: start, throughput, and `check` of many files."""
import os
import pathlib
import statistics

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLE = ROOT / "examples" / "large_trades"

SYMBOLS = 1000
HEAD = ('package bench\nschema Trade = avro "market.Trade"\n'
        "stream trades : Trade { time executed_at  watermark 5s }\n")
# Twenty shapes: an equality and ranges that nearly every trade is in, four choices of fields.
FIELDS = ("symbol, trade_id", "symbol, price", "symbol, size, price", "trade_id, executed_at")


def shape(number, rare):
    condition = ('size >= 0 and price > 0.00{0}', 'price > 0.00{0} and trade_id >= {0}', 'trade_id >= {0}',
                 'size < {0}_000_000 and price < {0}.5e9', 'price < {0}.5e9')[number % 5].format(number + 1)
    if rare:
        condition += f" and size >= {rare + number}"
    fields = FIELDS[number // 5 % 4]
    return f'from trades where symbol == "S{number % SYMBOLS + 1:04}" and {condition}  emit found_{number % 20} {{ {fields} }}'


def program(path, rules, rare=0):
    path.write_text(HEAD + "".join(f"rule r{n} {{ {shape(n, rare)} }}\n" for n in range(rules)))
    return path


def events(bench, check_call, count):
    trades = bench.work / f"many_{count}.avro"
    if not trades.exists():
        shapes = bench.work / "many.shape.toml"
        symbol = f'[fields.symbol]\ndistribution = "uniform"\ncount = {SYMBOLS}\npattern = "S{{0000}}"\n\n'
        shapes.write_text(symbol + shapes_of_others(EXAMPLE / "trades.shape.toml"))
        check_call([bench.bin / "rulec", "gen", EXAMPLE, "trades", "--count", count, "--seed", 1, "--shape", shapes,
                    "--out", bench.work / "part.avro"])
        (bench.work / "part.avro").rename(trades)
    return trades


def shapes_of_others(shape_file):
    """The shape file's tables, that of the symbol apart."""
    parts = shape_file.read_text().split("[fields.")
    return "".join("[fields." + part for part in parts[1:] if not part.startswith("symbol]"))


def throughput(bench, check_call, measure):
    count = bench.args.records
    trades, small = events(bench, check_call, count), events(bench, check_call, 1000)
    for rules, rare, target, what in ((1000, 0, 5, "1,000 rules, one match an event"),
                                      (1000, 2_900, 20, "1,000 rules, one event in a hundred matches"),
                                      (10_000, 0, None, "10,000 rules, ten matches an event")):
        path = program(bench.work / f"many_{rules}_{rare}.rule", rules, rare)
        run = [bench.bin / "rulec", "run", path, "--schemas", EXAMPLE / "schemas", "--target-cpu", "native"]
        outs = [part for n in range(20) for part in ("--out", f"found_{n}={bench.work / f'found_{n}.avro'}")]

        def wall(source):
            os.sync()  # each run ends with its outputs on the disk, and would wait for those of others
            return measure([*run, "--in", f"trades={source}", *outs])[0]

        start = statistics.median(wall(small) for _ in range(3))
        whole = statistics.median(wall(trades) for _ in range(3))
        found = sum(bench.records_of(bench.work / f"found_{n}.avro") for n in range(20))
        bench.row(f"{rules:,} rules of 20 shapes: start", start, "s", 5 if rules == 1000 else None, least=False)
        bench.row(f"{what}: matches an event", found / count, "")
        bench.row(f"{what}: events", count / max(whole - start, 1e-9) / 1e6, "M/s", target)


def checking(bench, measure, check_call):
    folder = bench.work / "thousand"
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "rulec.toml").write_text("")
    (folder / "rules" / "streams.rule").write_text(HEAD)
    for n in range(1000):
        (folder / "rules" / f"rule_{n}.rule").write_text(
            'package bench\n\nimport "streams.rule"\n\n'
            f"/// Trades of one symbol that are worth a look; the bounds are those of desk {n}.\n"
            f"rule desk_{n} @version({n + 1}) @severity(medium) {{\n"
            "  from  trades\n"
            f'  where symbol == "S{n:04}"\n'
            f"  where size >= {n + 100}\n"
            f"  let   value  = price * size,\n"
            f"        change = price / {n + 1}.0 - 1\n"
            f"  where value > {n}_000.0 or change > 5%\n"
            "  emit  alerts {\n"
            "    symbol\n    trade_id\n    value\n    change\n    executed_at\n"
            "  }\n}\n")
    schemas = ["--schemas", EXAMPLE / "schemas"]
    check = [bench.bin / "rulec", "check", folder, *schemas]
    check_call(check)
    results = [measure([*check, "--no-cache"]) for _ in range(max(3, bench.args.rounds // 2))]
    bench.row("check of 1,000 files, wall", statistics.median(r[0] for r in results), "s", 2, least=False)
    bench.row("check of 1,000 files, peak memory", statistics.median(r[2] for r in results) / 1024, "MiB", 500, least=False)
    again = [measure(check)[0] for _ in range(max(3, bench.args.rounds // 2))]
    bench.row("check of 1,000 files that did not change, wall", statistics.median(again), "s", 2, least=False)
    one = [measure([bench.bin / "rulec", "check", EXAMPLE])[0] for _ in range(max(5, bench.args.rounds))]
    bench.row("check of one program of one file, wall", statistics.median(one) * 1e3, "ms", 30, least=False)
