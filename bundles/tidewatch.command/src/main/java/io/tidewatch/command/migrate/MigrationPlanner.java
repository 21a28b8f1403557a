package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.migrate.MigrationPlan.Meaning;
import io.tidewatch.command.migrate.OriginalSection.Found;
import io.tidewatch.command.migrate.OriginalSection.Time;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the configuration of the original agent and decides how each key is migrated: to a value, to the default, with a
 * remark, or as a mistake. Every key is reported.
 *
 * <p>Source: https://github.com/taniwha3/tidewatch, internal/config/config.go and cmd/tidewatch/main.go
 */
record MigrationPlanner(MigrationPlan plan, Path stateFolder) {
    private static final String STORE = "tidewatch.store.sqlite";
    private static final String CLOCK = "tidewatch.clockskew";
    private static final String HEALTH = "tidewatch.health";
    private static final String LOG = "org.ops4j.pax.logging";
    private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "error");
    private static final Set<String> FORMATS = Set.of("json", "console");

    /** @param stateFolder where our database is unless it is said otherwise */
    static MigrationPlan plan(YamlNode root, Path stateFolder) {
        MigrationPlan plan = new MigrationPlan();
        new MigrationPlanner(plan, stateFolder).read(root);
        return plan;
    }

    private void read(YamlNode root) {
        if (!(root instanceof YamlNode.Mapping mapping)) {
            plan.mistake(root.line(), "is no configuration; accepted: sections such as device: and remote:");
            return;
        }
        OriginalSection all = new OriginalSection("", mapping.entries(), plan);
        device(all.section("device"));
        store(all.section("storage"));
        Optional<String> url = new UploadSection(plan).read(all.section("remote"));
        monitoring(all.section("monitoring"), url);
        log(all.section("logging"));
        new MetricsList(plan).read(all.list("metrics"));
        all.finish();
    }

    private void device(OriginalSection device) {
        device.text("id")
                .ifPresentOrElse(
                        id -> plan.write("tidewatch.device", "id", id.value(), id.value(), id),
                        () -> plan.mistake(
                                0, "device.id is missing, without which the original does not start; write it"));
        device.finish();
    }

    private void store(OriginalSection storage) {
        storage.text("path")
                .ifPresentOrElse(
                        this::path,
                        () -> plan.mistake(
                                0, "storage.path is missing, without which the original does not start; write it"));
        storage.time("wal_checkpoint_interval")
                .ifPresent(time -> plan.setDuration(STORE, "wal.checkpoint.interval", time));
        storage.positive("wal_checkpoint_size_mb")
                .ifPresent(size -> plan.set(STORE, "wal.checkpoint.size", size.value() + "MiB", Meaning.SIZE, size));
        storage.finish();
    }

    /** The original hands the path to SQLite, which takes {@code file:} URIs as well: https://sqlite.org/uri.html. */
    private void path(Found<String> written) {
        String text = written.value();
        if (text.startsWith("file:")) {
            text = text.substring("file:".length()).replaceFirst("^//(localhost)?(?=/)", "");
            int options = text.indexOf('?');
            if (options >= 0) {
                plan.remark(written, "storage.path: the options behind the '?' are left out; this agent sets its own");
                text = text.substring(0, options);
            }
        }
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            plan.mistake(written, "storage.path is '" + DisplayText.plain(text) + "', which is no path here");
            return;
        }
        if (text.isEmpty() || text.startsWith(":memory:")) {
            plan.remark(written, "storage.path names no file; this agent keeps its samples in one");
            return;
        }
        if (!path.isAbsolute()) {
            Optional<Path> found = found(path);
            if (found.isEmpty()) {
                plan.mistake(
                        written,
                        "storage.path is '" + DisplayText.plain(text) + "', and there is no such file in " + stateFolder
                                + " nor in this folder; accepted here: a whole path, from / on");
                return;
            }
            path = found.get();
        }
        String whole = path.normalize().toString();
        plan.database = whole;
        if (Path.of(whole).equals(stateFolder.resolve("metrics.db"))) {
            plan.leaveDefault(written);
        } else {
            plan.write(STORE, "path", whole, whole, written);
        }
    }

    /** From the folder in which the unit of the original starts, or from here. */
    private Optional<Path> found(Path relative) {
        return Stream.of(stateFolder.resolve(relative), relative.toAbsolutePath())
                .filter(Files::exists)
                .findFirst();
    }

    private void monitoring(OriginalSection monitoring, Optional<String> uploadUrl) {
        Optional<Found<String>> url = monitoring.text("clock_skew_url");
        if (url.isEmpty()) {
            plan.remark(
                    0,
                    "monitoring.clock_skew_url is missing, with which the original compares no clock; this agent asks"
                            + " /health of the server that it uploads to. enabled = false in " + CLOCK
                            + ".cfg turns that off");
        } else if (url.map(Found::value).equals(uploadUrl.flatMap(UploadSection::healthOf))) {
            plan.leaveDefault(url.get());
        } else {
            String written = url.get().value();
            plan.write(CLOCK, "url", written, UploadSection.withoutPassword(written), url.get());
        }
        monitoring.text("clock_skew_check_interval").ifPresent(this::checkInterval);
        monitoring
                .positive("clock_skew_warn_threshold_ms")
                .ifPresent(threshold -> plan.setDuration(
                        CLOCK,
                        "warn.threshold",
                        new Found<>(
                                threshold.origin(),
                                threshold.line(),
                                new Time("", Duration.ofMillis(threshold.value())))));
        address(monitoring.text("health_address"));
        monitoring.finish();
    }

    /** The original runs with a wrong one, on its default, which is ours. */
    private void checkInterval(Found<String> written) {
        OriginalSection.time(written)
                .ifPresentOrElse(
                        time -> plan.setDuration(CLOCK, "check.interval", time),
                        () -> plan.remark(
                                written,
                                written.origin() + ": '" + DisplayText.plain(written.value())
                                        + "' is no time above zero; the original takes 5m then, and so does this agent"));
    }

    private void address(Optional<Found<String>> written) {
        if (written.isEmpty()) {
            plan.remark(
                    0,
                    "monitoring.health_address is missing, with which the original serves health on all addresses; this"
                            + " agent does on 127.0.0.1:9100. address = 0.0.0.0:9100 in " + HEALTH
                            + ".cfg opens it to the network");
            return;
        }
        Found<String> address = written.get();
        String text = address.value().startsWith(":") ? "0.0.0.0" + address.value() : address.value();
        plan.set(HEALTH, "address", text, Meaning.TEXT, address);
        if (text.startsWith("0.0.0.0:") || text.startsWith("[::]:")) {
            plan.remark(
                    address,
                    address.origin() + ": anyone in the network can read health and metrics, as before; 127.0.0.1:9100"
                            + " as address in " + HEALTH + ".cfg would close that");
        }
    }

    private void log(OriginalSection logging) {
        logging.text("level").ifPresent(level -> oneOf(level, "level", LEVELS, "info"));
        logging.text("format").ifPresent(format -> oneOf(format, "format", FORMATS, "console"));
        logging.finish();
    }

    private void oneOf(Found<String> written, String key, Set<String> known, String otherwise) {
        if (known.contains(written.value())) {
            String value = key.equals("level") ? written.value().toUpperCase(Locale.ROOT) : written.value();
            plan.set(LOG, key, value, Meaning.TEXT, written);
        } else {
            plan.remark(
                    written,
                    written.origin() + ": '" + DisplayText.plain(written.value())
                            + "' is unknown to the original, which uses its default then; here that is "
                            + otherwise);
        }
    }
}
