package io.tidewatch.itest.rivals;

import io.tidewatch.itest.rivals.RivalsResult.Contender;
import io.tidewatch.itest.rivals.RivalsResult.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The part of {@code docs/benchmarks.md} that is made from the figures, between two comments, and its two files. */
final class RivalsPage {
    private static final String BEGIN = "<!-- rivals: ./bench rivals --docs writes from here -->";
    private static final String END = "<!-- rivals: to here -->";
    private static final int LONGEST_LINE = 120;

    private final Path docs;

    /** @param docs the folder of the documentation */
    RivalsPage(Path docs) {
        this.docs = docs;
    }

    /** Where the raw figures are kept. */
    Path figures() {
        return docs.resolve("benchmarks/rivals.json");
    }

    /** Where the chart is. */
    Path chart() {
        return docs.resolve("benchmarks/rivals.svg");
    }

    /** Writes figures, chart and the part of the page. */
    void write(RivalsResult result) throws IOException {
        String page = Files.readString(page());
        String rewritten = replace(page, String.join("\n", lines(result)));
        Files.createDirectories(figures().getParent());
        result.write(figures());
        Files.writeString(chart(), RivalsChart.of(result));
        Files.writeString(page(), rewritten);
    }

    /** What stands between the comments now. */
    String written() throws IOException {
        String page = Files.readString(page());
        return page.substring(begin(page), end(page)).strip();
    }

    /** What belongs between the comments. */
    static List<String> lines(RivalsResult result) {
        Machine machine = result.machine();
        List<String> lines = new ArrayList<>();
        lines.addAll(wrapped("Taken %s on %d cores (%s), %,d MB of memory, %s, Linux %s, Java %s; %s. %s"
                .formatted(
                        result.taken(),
                        machine.cores(),
                        machine.processor(),
                        machine.memoryMb(),
                        machine.system(),
                        machine.kernel(),
                        machine.java(),
                        result.contenders().stream()
                                .flatMap(contender -> contender.programs().stream())
                                .collect(Collectors.joining(", ")),
                        busy(result))));
        lines.add("");
        lines.addAll(RivalsTable.of(result));
        lines.add("");
        lines.addAll(wrapped(windows(result)));
        return lines;
    }

    private static String busy(RivalsResult result) {
        Spread busy = Spread.of(result.busyShare());
        return String.format(
                Locale.ROOT,
                "In the live windows the machine's processors were busy for %.0f %% of the time (%.0f to %.0f), all that"
                        + " ran on it taken together.",
                100 * busy.median(),
                100 * busy.least(),
                100 * busy.most());
    }

    private static String windows(RivalsResult result) {
        Contender first = result.contenders().get(0);
        return String.format(
                Locale.ROOT,
                "Medians of %d windows of %.0f s, of %d starts and of all ages that were seen, with the least and the most;"
                        + " one outage of %.0f s. In bold the least of a row. Samples are taken every %d s.",
                first.windows().size(),
                first.overWindows(RivalsResult.Window::seconds).median(),
                first.starts().size(),
                first.outage().seconds(),
                result.interval());
    }

    /** Lines as long as those around them. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > LONGEST_LINE) {
                lines.add(line.toString());
                line.setLength(0);
            } else if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private Path page() {
        return docs.resolve("benchmarks.md");
    }

    private String replace(String page, String lines) throws IOException {
        return page.substring(0, begin(page)) + "\n\n" + lines + "\n\n" + page.substring(end(page));
    }

    private int begin(String page) throws IOException {
        return place(page, BEGIN) + BEGIN.length();
    }

    private int end(String page) throws IOException {
        return place(page, END);
    }

    private int place(String page, String mark) throws IOException {
        int place = page.indexOf(mark);
        if (place < 0 || place != page.lastIndexOf(mark)) {
            throw new IOException(page() + " must hold this line once: " + mark);
        }
        return place;
    }
}
