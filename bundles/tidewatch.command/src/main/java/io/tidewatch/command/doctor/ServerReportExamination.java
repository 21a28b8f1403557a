package io.tidewatch.command.doctor;

import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import io.tidewatch.store.sqlite.DatabaseFile;
import io.tidewatch.uploader.victoriametrics.ServerProbe;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the server reports about itself: whether it merges duplicates, how long it keeps samples, and what it drops. */
record ServerReportExamination(Folders folders) {

    private static final String PENDING_KEY = "pending.retention";
    static final String PENDING_DEFAULT = "30d";

    private static final String DEDUP_ADVICE = "make sure that VictoriaMetrics runs with -dedup.minScrapeInterval=1ms";

    void examine(ServerProbe probe, Diagnosis diagnosis) {
        Subject duplicates = diagnosis.on("duplicates");
        try {
            Optional<ServerPage> report = probe.report();
            duplicates(report.flatMap(ServerPage::dedupInterval).orElse("unknown"), duplicates);
            report.ifPresent(page -> {
                page.retention().ifPresent(retention -> retention(retention, diagnosis.on("retention")));
                cluster(page, diagnosis.on("cluster"));
                dropped(page, diagnosis.on("dropped"));
            });
        } catch (IOException e) {
            duplicates.note("/metrics of the server cannot be read (" + e.getMessage() + ")", DEDUP_ADVICE);
        }
    }

    private static void duplicates(String interval, Subject subject) {
        switch (interval) {
            case "unknown" ->
                subject.note("the server does not report it, as a proxy or a part of a cluster", DEDUP_ADVICE);
            case "1ms" -> subject.ok("the server stores a sample that is sent again once");
            case "", "0", "0s" ->
                subject.wrong(
                        "the server stores a sample that is sent again twice",
                        "start VictoriaMetrics with -dedup.minScrapeInterval=1ms");
            default ->
                subject.note(
                        "the server keeps one sample of a series in " + interval + " and drops the others",
                        "start VictoriaMetrics with -dedup.minScrapeInterval=1ms, unless that is wanted");
        }
    }

    private void retention(Duration retention, Subject subject) {
        Duration pending = folders.duration(DatabaseFile.PID, PENDING_KEY, PENDING_DEFAULT);
        if (retention.compareTo(pending) < 0) {
            subject.note(
                    "the server keeps samples for " + Amounts.time(retention) + ", a backlog here for "
                            + Amounts.time(pending) + ": it drops older ones and answers 204",
                    "start VictoriaMetrics with a longer -retentionPeriod, or shorten " + PENDING_KEY + " in "
                            + DatabaseFile.PID + ".cfg");
        }
    }

    private static void cluster(ServerPage page, Subject subject) {
        if (page.storageNodes() > 1 && page.replicationFactor().orElse(2) < 2) {
            subject.note(
                    "vminsert stores each sample on one of " + page.storageNodes()
                            + " nodes: one that is killed loses what it had in memory",
                    "start vminsert with -replicationFactor=2");
        }
    }

    private static void dropped(ServerPage page, Subject subject) {
        Map<String, Long> dropped = new TreeMap<>(page.ignored());
        dropped.values().removeIf(rows -> rows == 0);
        if (!dropped.isEmpty()) {
            subject.note(
                    "since its start the server has ignored samples of its clients: " + dropped,
                    "see /metrics and the log of the server");
        }
    }
}
