package io.tidewatch.itest.rivals;

import io.tidewatch.itest.rivals.RivalsResult.Contender;
import io.tidewatch.itest.rivals.RivalsResult.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The figures as a table in Markdown: a column for each contender, and in each row the least of them in bold. */
final class RivalsTable {
    private static final double KB_PER_MB = 1024;

    private final RivalsResult result;
    private final List<String> lines = new ArrayList<>();

    private RivalsTable(RivalsResult result) {
        this.result = result;
    }

    /** The lines of the table. */
    static List<String> of(RivalsResult result) {
        return new RivalsTable(result).table();
    }

    /** What stands in a cell, and by what it is compared with its neighbours; empty: not at all. */
    private record Cell(String text, OptionalDouble value) {}

    private List<String> table() {
        lines.add(result.contenders().stream().map(Contender::name).collect(Collectors.joining(" | ", "| | ", " |")));
        lines.add("|---|" + "---|".repeat(result.contenders().size()));
        windows("resident memory (RSS), MB", 1, window -> window.residentKb() / KB_PER_MB);
        windows("proportional (PSS), MB", 1, window -> window.proportionalKb() / KB_PER_MB);
        windows("anonymous, MB", 1, window -> window.anonymousKb() / KB_PER_MB);
        row("the most ever resident, MB", contender -> single(1, contender.peakKb() / KB_PER_MB));
        windows("threads", 0, Window::threads);
        row("processor time, s per minute", RivalsTable::processorTime);
        windows("wakeups per second", 1, window -> window.wakeups() / window.seconds());
        row(
                "from start to first sample at the server, s",
                contender -> spread(1, contender.overStarts(RivalsResult.Start::seconds)));
        row(
                "processor time until then, s",
                contender -> spread(2, contender.overStarts(RivalsResult.Start::cpuSeconds)));
        row("series", contender -> text(number(0, contender.series())));
        row(
                "samples per minute",
                contender -> text(number(
                        0,
                        contender
                                .overWindows(window -> window.samples() * 60 / window.seconds())
                                .median())));
        windows("on the wire, bytes per sample", 1, window -> perSample(window.wireBytes(), window.samples()));
        row(
                "age of the newest sample, s",
                contender -> spread(
                        1,
                        Spread.of(contender.windows().stream()
                                .flatMap(window -> window.ages().stream())
                                .toList())));
        windows("written to disk, bytes per sample", 0, window -> perSample(window.writtenBytes(), window.samples()));
        outage();
        row("installed, MB", RivalsTable::installed);
        return lines;
    }

    private void outage() {
        row("**outage**: samples lost, of those expected", contender -> {
            Loss loss = contender.outage().loss();
            double percent = 100.0 * loss.lost() / Math.max(1, loss.expected());
            return new Cell(
                    number(0, (double) loss.lost()) + " of " + number(0, (double) loss.expected()) + " ("
                            + number(0, percent) + " %)",
                    OptionalDouble.of(percent));
        });
        row(
                "fresh samples again after, s",
                contender -> optional(1, contender.outage().freshAfter()));
        row(
                "everything late had come after, s",
                contender -> late(contender) ? optional(1, contender.outage().completeAfter()) : text("–"));
        row(
                "on the wire until then, bytes per sample",
                contender -> late(contender)
                        ? single(
                                1,
                                perSample(
                                        contender.outage().wireBytes(),
                                        contender.outage().samples()))
                        : text("–"));
        row(
                "written to disk meanwhile, bytes per sample",
                contender -> single(
                        0,
                        perSample(
                                contender.outage().writtenBytes(),
                                contender.outage().delivered())));
    }

    /** Of all windows together, since the kernel counts in steps that are much for one of them. */
    private static Cell processorTime(Contender contender) {
        double cpuSeconds =
                contender.windows().stream().mapToDouble(Window::cpuSeconds).sum();
        double seconds =
                contender.windows().stream().mapToDouble(Window::seconds).sum();
        Spread windows = contender.overWindows(window -> window.cpuSeconds() * 60 / window.seconds());
        return spread(2, new Spread(cpuSeconds * 60 / seconds, windows.least(), windows.most()));
    }

    private static boolean late(Contender contender) {
        return contender.outage().deliveredLate();
    }

    private static Cell installed(Contender contender) {
        double total = contender.installedKb().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                / KB_PER_MB;
        String parts = contender.installedKb().entrySet().stream()
                .map(part -> part.getKey() + " " + number(0, part.getValue() / KB_PER_MB))
                .collect(Collectors.joining(", "));
        return new Cell(
                contender.installedKb().size() > 1 ? number(0, total) + ": " + parts : number(0, total),
                OptionalDouble.of(total));
    }

    private void windows(String label, int digits, ToDoubleFunction<Window> value) {
        row(label, contender -> spread(digits, contender.overWindows(value)));
    }

    private void row(String label, Function<Contender, Cell> cell) {
        List<Cell> cells = result.contenders().stream().map(cell).toList();
        OptionalDouble least =
                cells.stream().flatMapToDouble(each -> each.value().stream()).min();
        lines.add(cells.stream()
                .map(each -> least.isPresent() && each.value().equals(least) ? bold(each.text()) : each.text())
                .collect(Collectors.joining(" | ", "| " + label + " | ", " |")));
    }

    /** Only the number itself. */
    private static String bold(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? "**" + text + "**" : "**" + text.substring(0, end) + "**" + text.substring(end);
    }

    private static Cell spread(int digits, Spread spread) {
        String middle = number(digits, spread.median());
        String least = number(digits, spread.least());
        String most = number(digits, spread.most());
        return new Cell(
                least.equals(most) ? middle : middle + " (" + least + "–" + most + ")",
                OptionalDouble.of(spread.median()));
    }

    private static Cell single(int digits, double value) {
        return new Cell(number(digits, value), OptionalDouble.of(value));
    }

    private static Cell optional(int digits, Double value) {
        return value == null ? text("never") : single(digits, value);
    }

    private static Cell text(String text) {
        return new Cell(text, OptionalDouble.empty());
    }

    private static double perSample(long bytes, long samples) {
        return bytes / (double) Math.max(1, samples);
    }

    private static String number(int digits, double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
