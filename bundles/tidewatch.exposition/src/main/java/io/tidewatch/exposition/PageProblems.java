package io.tidewatch.exposition;

import io.tidewatch.api.collector.Diagnostics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the pages of a pass had to leave out, as sentences. Not safe for use by several threads. */
final class PageProblems {
    private static final int MOST_SUBJECTS = 20;

    private final PageSettings settings;
    private final Map<String, Counted> malformed = new LinkedHashMap<>();
    private final Map<String, Counted> duplicates = new LinkedHashMap<>();
    private final Map<String, PageEnding> endings = new LinkedHashMap<>();
    private @Nullable String firstBeyond;
    private int beyond;

    private static final class Counted {
        private final String first;
        private int more;

        Counted(String first) {
            this.first = first;
        }

        @Override
        public String toString() {
            return more == 0 ? first : first + "; and " + more + " more";
        }
    }

    PageProblems(PageSettings settings) {
        this.settings = settings;
    }

    void clear() {
        malformed.clear();
        duplicates.clear();
        endings.clear();
        firstBeyond = null;
        beyond = 0;
    }

    void malformed(String subject, int line, int column, String message, String text) {
        count(malformed, subject, () -> ":" + line + ":" + column + ": " + message + ", in '" + text + "'");
    }

    void duplicate(String subject, String name) {
        count(duplicates, subject, () -> ": a series of " + name + " stands twice");
    }

    private static void count(Map<String, Counted> counts, String subject, Supplier<String> problem) {
        Counted known = counts.get(subject);
        if (known != null) {
            known.more++;
        } else if (counts.size() < MOST_SUBJECTS) {
            counts.put(subject, new Counted(subject + problem.get()));
        }
    }

    void beyondLimit(String name) {
        if (firstBeyond == null) {
            firstBeyond = name;
        }
        beyond++;
    }

    void ended(String subject, PageEnding ending) {
        if (ending != PageEnding.COMPLETE && endings.size() < MOST_SUBJECTS) {
            endings.put(subject, ending);
        }
    }

    /** @param renamed names of metrics whose label device_id was renamed */
    void report(Diagnostics diagnostics, SortedSet<String> renamed) {
        malformed.forEach((subject, counted) -> diagnostics.damaged(subject, counted.toString()));
        duplicates.forEach((subject, counted) -> diagnostics.damaged(subject + " duplicates", counted.toString()));
        endings.forEach((subject, ending) -> {
            if (ending == PageEnding.TOO_LONG) {
                diagnostics.limited(
                        subject + " length",
                        subject + ": longer than max.bytes, so that the rest is not read; raise it");
            } else {
                diagnostics.damaged(subject + " end", subject + ": ends without # EOF, so that it may be cut off");
            }
        });
        if (firstBeyond != null) {
            diagnostics.limited(
                    "max.series",
                    beyond + " samples of series beyond max.series = " + settings.maxSeries() + ", such as "
                            + firstBeyond + "; raise max.series or exclude names");
        }
        diagnostics.noteNames("device_id", "the label device_id is sent as exported_device_id in", renamed);
    }
}
