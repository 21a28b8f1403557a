package io.tidewatch.itest.rivals;

import io.tidewatch.itest.rivals.RivalsResult.Contender;
import io.tidewatch.itest.rivals.RivalsResult.Window;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The figures that matter most as bars, in SVG. It brings a background of its own, light or dark as the reader's
 * preference is, so that it can be read on any page.
 */
final class RivalsChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 190;
    private static final int BARS = WIDTH - LABELS - 90;
    private static final int BAR = 18;
    private static final int STEP = 24;
    private static final int TITLE = 34;
    private static final int MARGIN = 16;
    private static final String STYLE =
            """
            <style>
            .page { fill: #ffffff } text { fill: #24292f; font: 13px sans-serif } .title { font-weight: bold }
            .bar0 { fill: #0b6e99 } .bar1 { fill: #c77700 } .bar2 { fill: #7a4fa3 }
            @media (prefers-color-scheme: dark) {
            .page { fill: #0d1117 } text { fill: #e6edf3 }
            .bar0 { fill: #4db6e2 } .bar1 { fill: #f0a030 } .bar2 { fill: #b58be0 }
            }
            </style>
            """;

    private final RivalsResult result;
    private final StringBuilder body = new StringBuilder();
    private int y = MARGIN;

    private RivalsChart(RivalsResult result) {
        this.result = result;
    }

    /** The text of the image. */
    static String of(RivalsResult result) {
        return new RivalsChart(result).draw();
    }

    private String draw() {
        panel("Resident memory, MB", 1, contender -> median(contender, window -> window.residentKb() / 1024.0));
        panel("of it anonymous, MB", 1, contender -> median(contender, window -> window.anonymousKb() / 1024.0));
        panel(
                "On the wire, bytes per sample",
                1,
                contender -> median(contender, window -> window.wireBytes() / (double) Math.max(1, window.samples())));
        panel(
                "On the wire after an outage, bytes per sample",
                1,
                contender -> contender.outage().deliveredLate()
                        ? OptionalDouble.of(contender.outage().wireBytes()
                                / (double) Math.max(1, contender.outage().samples()))
                        : OptionalDouble.empty());
        panel(
                "Lost in an outage, % of the samples",
                0, contender -> {
                    Loss loss = contender.outage().loss();
                    return OptionalDouble.of(100.0 * loss.lost() / Math.max(1, loss.expected()));
                });
        int height = y;
        return ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                                + " aria-label=\"tidewatch beside its rivals\">%n")
                        .formatted(WIDTH, height, WIDTH, height)
                + STYLE
                + "<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n".formatted(WIDTH, height)
                + body
                + "</svg>\n";
    }

    private static OptionalDouble median(Contender contender, ToDoubleFunction<Window> value) {
        return OptionalDouble.of(contender.overWindows(value).median());
    }

    private void panel(String title, int digits, Function<Contender, OptionalDouble> value) {
        List<OptionalDouble> values = result.contenders().stream().map(value).toList();
        double most =
                values.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
        text(MARGIN, y + 16, "class=\"title\"", title);
        y += TITLE;
        for (int i = 0; i < values.size(); i++) {
            text(
                    LABELS,
                    y + 13,
                    "text-anchor=\"end\"",
                    result.contenders().get(i).name());
            double width = most > 0 ? values.get(i).orElse(0) / most * BARS : 0;
            body.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                    i % 3,
                    LABELS + 10,
                    y,
                    width,
                    BAR));
            String number = values.get(i).isPresent()
                    ? String.format(
                            Locale.ROOT, "%,." + digits + "f", values.get(i).getAsDouble())
                    : "nothing came late";
            text((int) (LABELS + 16 + width), y + 13, "", number);
            y += STEP;
        }
        y += MARGIN;
    }

    private void text(int x, int baseline, String attributes, String text) {
        body.append("<text x=\"%d\" y=\"%d\"%s>%s</text>%n"
                .formatted(
                        x,
                        baseline,
                        attributes.isEmpty() ? "" : " " + attributes,
                        text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
