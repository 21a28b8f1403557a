package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.migrate.OriginalSection.Found;
import io.tidewatch.command.migrate.OriginalSection.Time;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list {@code metrics} of the original: which collectors run, and how often. */
final class MetricsList {
    private static final String COLLECTOR = "tidewatch.collector.";

    /** Ours, by the name of theirs. */
    private static final Map<String, String> COUNTERPARTS = new LinkedHashMap<>();

    static {
        COUNTERPARTS.put("cpu.temperature", "thermal");
        COUNTERPARTS.put("cpu.usage", "cpu");
        COUNTERPARTS.put("memory.usage", "memory");
        COUNTERPARTS.put("disk.io", "disk");
        COUNTERPARTS.put("network.traffic", "network");
    }

    private static final String MADE_UP = "srt.packet_loss";

    private final MigrationPlan plan;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    private record Wanted(int line, boolean enabled, Optional<Found<Time>> interval) {}

    MetricsList(MigrationPlan plan) {
        this.plan = plan;
    }

    void read(Optional<YamlNode.Entry> list) {
        if (list.isEmpty()
                || !(list.get().value() instanceof YamlNode.Items items)
                || items.items().isEmpty()) {
            plan.remark(
                    list.map(YamlNode.Entry::line).orElse(0),
                    "metrics lists nothing, with which the original collects nothing of the machine; this agent's"
                            + " collectors are on, each with a " + COLLECTOR + "<name>.cfg to turn it off");
            return;
        }
        for (YamlNode item : items.items()) {
            if (item instanceof YamlNode.Mapping mapping) {
                metric(item.line(), new OriginalSection("metrics.", mapping.entries(), plan));
            } else {
                plan.mistake(item.line(), "metrics has an item without keys; accepted: name, interval and enabled");
            }
        }
        COUNTERPARTS.forEach((theirs, ours) -> write(theirs, COLLECTOR + ours, wanted.get(theirs), list.get()));
    }

    private void metric(int line, OriginalSection metric) {
        Optional<Found<String>> name = metric.text("name");
        boolean enabled = metric.flag("enabled").map(Found::value).orElse(false);
        Optional<Found<Time>> interval = Optional.empty();
        if (enabled) {
            int mistakes = plan.mistakes().size();
            interval = metric.time("interval");
            if (interval.isEmpty() && plan.mistakes().size() == mistakes) {
                plan.mistake(line, "metrics has an item that is enabled and has no interval");
            }
        } else {
            // Not looked at by the original, but as good as a memory of what was wanted once.
            interval = metric.text("interval").flatMap(OriginalSection::time);
        }
        metric.finish();
        if (name.isEmpty()) {
            plan.mistake(line, "metrics has an item without a name");
            return;
        }
        String known = name.get().value();
        if (known.equals(MADE_UP)) {
            plan.remark(
                    name.get(),
                    "metrics: " + MADE_UP
                            + " has no counterpart: the original makes its numbers up. For true ones add a"
                            + " collector of your own (docs/collectors.md)");
        } else if (!COUNTERPARTS.containsKey(known)) {
            plan.remark(
                    name.get(),
                    "metrics: '" + DisplayText.plain(known) + "' is unknown to the original, which passes it over");
        } else {
            keep(known, new Wanted(name.get().line(), enabled, interval));
        }
    }

    /** As in the original, the last one that is enabled counts. */
    private void keep(String name, Wanted now) {
        Wanted before = wanted.get(name);
        if (before != null) {
            plan.remark(
                    now.line(),
                    "metrics: " + name + " is there twice, first in line " + before.line()
                            + "; the last one that is enabled counts, as in the original");
        }
        if (before == null || now.enabled() || !before.enabled()) {
            wanted.put(name, now);
        }
    }

    private void write(String theirs, String pid, @Nullable Wanted metric, YamlNode.Entry list) {
        String origin = "metrics: " + theirs;
        if (metric == null) {
            plan.write(pid, "enabled", "false", "false", new Found<>(origin + " is not listed", list.line(), false));
            return;
        }
        plan.set(pid, "enabled", new Found<>(origin + ", enabled", metric.line(), metric.enabled()));
        metric.interval()
                .ifPresent(time -> plan.setDuration(
                        pid, "interval", new Found<>(origin + ", interval", time.line(), time.value())));
    }
}
