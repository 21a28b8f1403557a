package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.migrate.MigrationPlan.Meaning;
import io.tidewatch.command.migrate.OriginalSection.Found;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** The section {@code remote} of the original. */
record UploadSection(MigrationPlan plan) {
    static final String PID = "tidewatch.uploader.victoriametrics";

    /** Name of the file for the token, beside the .cfg files. */
    static final String TOKEN_FILE = "token";

    /** As the uploader accepts it in a file. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    /** The default of the original, which its sample writes down: no choice of an operator. */
    private static final int FORMER_CHUNK_SIZE = 50;

    /** Returns the URL; nothing if there is none. */
    Optional<String> read(OriginalSection remote) {
        boolean missing = remote.isEmpty();
        Optional<Found<String>> url = remote.text("url");
        url.ifPresent(this::url);
        Optional<Found<Boolean>> enabled = remote.flag("enabled");
        if (enabled.filter(Found::value).isPresent() && url.isEmpty()) {
            plan.mistake(
                    enabled.get(),
                    "remote.enabled is true without remote.url, with which the original does not start; write the URL,"
                            + " or false");
        } else if (enabled.isPresent()) {
            plan.set(PID, "enabled", enabled.get());
        } else if (!missing && url.isPresent()) {
            plan.write(PID, "enabled", "false", "false", new Found<>("remote.enabled", 0, false));
            plan.remark(
                    0,
                    "remote.enabled is missing, which the original takes for false: nothing is uploaded until you remove"
                            + " enabled = false from " + PID + ".cfg");
        }
        time(remote, "upload_interval", "upload.interval");
        token(remote);
        count(remote, "batch_size", "batch.size");
        remote.positive("chunk_size").ifPresent(this::chunkSize);
        OriginalSection retry = remote.section("retry");
        retry(retry);
        retry.finish();
        remote.finish();
        return url.map(Found::value);
    }

    private void url(Found<String> url) {
        String shown = withoutPassword(url.value());
        plan.write(PID, "url", url.value(), shown, url);
        if (!shown.equals(url.value())) {
            plan.secretUrl = true;
            plan.remark(
                    url,
                    "remote.url holds a user and perhaps a password, and so does " + PID
                            + ".cfg: only the user of the agent may read it");
        }
        if (!url.value().contains("/api/v1/import")) {
            plan.remark(
                    url,
                    "remote.url does not name /api/v1/import: what is sent is VictoriaMetrics' JSON lines, as before");
        }
    }

    private void token(OriginalSection remote) {
        Optional<Found<String>> token = remote.text("auth_token");
        Optional<Found<String>> file = remote.text("auth_token_file");
        if (token.isPresent() && file.isPresent()) {
            plan.mistake(
                    file.get(),
                    "remote.auth_token_file is there beside remote.auth_token, with which the original does not start;"
                            + " remove one of them");
        } else if (token.isPresent()) {
            inlineToken(token.get());
        } else {
            file.ifPresent(path -> {
                plan.write(PID, "token.file", path.value(), path.value(), path);
                if (!path.value().startsWith("/")) {
                    plan.mistake(
                            path,
                            "remote.auth_token_file is '" + DisplayText.plain(path.value())
                                    + "'; accepted here: a whole path, from / on, since the two agents start in other"
                                    + " folders");
                }
            });
        }
    }

    private void inlineToken(Found<String> token) {
        if (!TOKEN.matcher(token.value().strip()).matches()) {
            plan.mistake(token, "remote.auth_token is no token; accepted: printable ASCII without blanks, up to 8 KiB");
            return;
        }
        if (token.value().contains("${")) {
            plan.remark(
                    token,
                    "remote.auth_token holds ${…}, which the original sends as it is written; if a program put the token"
                            + " in there, write the token itself into the file " + TOKEN_FILE);
        }
        plan.token = token.value().strip();
        String path = "${tidewatch.config}/" + TOKEN_FILE;
        plan.refer(PID, new MigrationPlan.Value("token.file", path, path, token.origin(), token.line()));
    }

    private void retry(OriginalSection retry) {
        retry.flag("enabled").ifPresent(enabled -> plan.set(PID, "retry.enabled", enabled));
        count(retry, "max_attempts", "retry.max.attempts");
        time(retry, "initial_backoff", "retry.initial.backoff");
        time(retry, "max_backoff", "retry.max.backoff");
        retry.decimal("backoff_multiplier").ifPresent(this::multiplier);
        retry.number("jitter_percent").ifPresent(jitter -> plan.set(PID, "retry.jitter.percent", jitter));
    }

    private void multiplier(Found<BigDecimal> written) {
        BigDecimal multiplier = written.value();
        if (multiplier.signum() == 0) {
            plan.remark(written, written.origin() + ": the original takes 0 for not set, and so it is here");
            return;
        }
        if (multiplier.compareTo(BigDecimal.ONE) < 0) {
            plan.mistake(
                    written,
                    written.origin() + " is '" + multiplier.toPlainString() + "'; accepted: a number from 1 on");
            return;
        }
        BigDecimal whole = multiplier.setScale(0, RoundingMode.CEILING);
        if (whole.compareTo(multiplier) != 0) {
            plan.remark(
                    written,
                    written.origin() + ": " + multiplier.toPlainString()
                            + " is rounded up, since here it is a whole number");
        }
        plan.set(PID, "retry.backoff.multiplier", whole.toPlainString(), Meaning.TEXT, written);
    }

    private void time(OriginalSection section, String key, String ours) {
        section.time(key).ifPresent(time -> plan.setDuration(PID, ours, time));
    }

    private void count(OriginalSection section, String key, String ours) {
        section.positive(key).ifPresent(count -> plan.set(PID, ours, count));
    }

    private void chunkSize(Found<Integer> count) {
        if (count.value() == FORMER_CHUNK_SIZE) {
            plan.leaveDefault(count);
        } else {
            plan.set(PID, "chunk.size", count);
        }
    }

    static String withoutPassword(String url) {
        return url.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*://)?.*@", "$1…@");
    }

    /** {@code /health} of the server of an import URL; nothing if it is none. */
    static Optional<String> healthOf(String importUrl) {
        try {
            URI url = URI.create(importUrl);
            return url.getRawAuthority() == null
                    ? Optional.empty()
                    : Optional.of(
                            url.getScheme() + "://" + url.getRawAuthority().replaceFirst(".*@", "") + "/health");
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
