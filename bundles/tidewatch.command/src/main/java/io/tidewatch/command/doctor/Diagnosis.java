package io.tidewatch.command.doctor;

import io.tidewatch.command.agent.Json;
import io.tidewatch.command.console.Columns;
import io.tidewatch.command.console.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the doctor has found so far. */
final class Diagnosis {
    private enum Level {
        OK("ok", Terminal.Colour.GREEN),
        /** Could not be examined, or may be intended. */
        NOTE("note", Terminal.Colour.YELLOW),
        FAIL("FAIL", Terminal.Colour.RED);

        private final String label;
        private final Terminal.Colour colour;

        Level(String label, Terminal.Colour colour) {
            this.label = label;
            this.colour = colour;
        }
    }

    /** @param advice what to do, in a line; empty if nothing is to do */
    private record Finding(Level level, String subject, String message, String advice) {}

    private final List<Finding> findings = new ArrayList<>();

    /** @param name what is examined, in a word */
    Subject on(String name) {
        return new Subject(this, name);
    }

    /** Takes what is found of a subject. */
    record Subject(Diagnosis diagnosis, String name) {
        void ok(String message) {
            diagnosis.findings.add(new Finding(Level.OK, name, message, ""));
        }

        void note(String message, String advice) {
            diagnosis.findings.add(new Finding(Level.NOTE, name, message, advice));
        }

        void wrong(String message, String advice) {
            diagnosis.findings.add(new Finding(Level.FAIL, name, message, advice));
        }

        /** Whether it has nothing wrong, as far as it was examined. */
        boolean isFine() {
            return diagnosis.findings.stream()
                    .noneMatch(finding -> finding.subject().equals(name) && isWrong(finding));
        }
    }

    /** All findings, those of one subject together, in the order that the subjects came up. */
    private List<Finding> findings() {
        Map<String, List<Finding>> bySubject = findings.stream()
                .collect(Collectors.groupingBy(Finding::subject, LinkedHashMap::new, Collectors.toList()));
        return bySubject.values().stream().flatMap(List::stream).toList();
    }

    long problems() {
        return findings.stream().filter(Diagnosis::isWrong).count();
    }

    /** A row for each finding, its advice below it, and a sum. */
    List<String> lines(Terminal terminal) {
        Columns columns = new Columns();
        for (Finding finding : findings()) {
            columns.add(
                    List.of(finding.level().label, finding.subject(), finding.message()), 0, finding.level().colour);
            if (!finding.advice().isEmpty()) {
                columns.add(List.of("", "", "-> " + finding.advice()));
            }
        }
        List<String> lines = new ArrayList<>(columns.lines(terminal));
        lines.add("");
        lines.add(
                switch ((int) problems()) {
                    case 0 -> "No problems.";
                    case 1 -> "1 problem.";
                    default -> String.format(Locale.ROOT, "%d problems.", problems());
                });
        return lines;
    }

    String json() {
        return Json.write(out -> {
            out.writeNumberField("problems", problems());
            out.writeArrayFieldStart("findings");
            for (Finding finding : findings()) {
                out.writeStartObject();
                out.writeStringField("level", finding.level().label.toLowerCase(Locale.ROOT));
                out.writeStringField("subject", finding.subject());
                out.writeStringField("message", finding.message());
                out.writeStringField("advice", finding.advice());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private static boolean isWrong(Finding finding) {
        return finding.level() == Level.FAIL;
    }
}
