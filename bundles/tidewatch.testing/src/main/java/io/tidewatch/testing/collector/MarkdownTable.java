package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tables of a Markdown file, identified by their first line. */
record MarkdownTable(Path file) {
    /** Compares the table that begins with the same line; with {@code -Dtidewatch.docs=rewrite} replaces it. */
    void holds(List<String> table) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int begin = lines.indexOf(table.get(0));
        assertThat(begin)
                .as(file + " has a table that begins with: " + table.get(0))
                .isNotNegative();
        int end = begin;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        if ("rewrite".equals(System.getProperty("tidewatch.docs"))) {
            List<String> rewritten = new ArrayList<>(lines.subList(0, begin));
            rewritten.addAll(table);
            rewritten.addAll(lines.subList(end, lines.size()));
            Files.write(file, rewritten);
        } else {
            assertThat(lines.subList(begin, end))
                    .as(file + "; -Dtidewatch.docs=rewrite writes it anew")
                    .isEqualTo(table);
        }
    }
}
