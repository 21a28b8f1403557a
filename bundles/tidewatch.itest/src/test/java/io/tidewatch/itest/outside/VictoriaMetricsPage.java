package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of {@code docs/victoriametrics.md}: each block of PromQL is one expression. */
final class VictoriaMetricsPage {
    private static final Path PAGE = Path.of("../../docs/victoriametrics.md");
    private static final Pattern BLOCK = Pattern.compile("```promql\n(.*?)```", Pattern.DOTALL);

    private VictoriaMetricsPage() {}

    static List<PromExpression> expressions() throws IOException {
        List<PromExpression> expressions = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(PAGE));
        while (block.find()) {
            expressions.add(new PromExpression(PAGE.getFileName().toString(), block.group(1)));
        }
        return expressions;
    }
}
