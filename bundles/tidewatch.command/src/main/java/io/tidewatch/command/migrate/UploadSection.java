package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** The section {@code remote} of the original. */
final class UploadSection {
    /** PID of what becomes of it. */
    static final String PID = "tidewatch.uploader.victoriametrics";

    /** Name of the file for the token, beside the .cfg files. */
    static final String TOKEN_FILE = "token";

    /** As the uploader accepts it in a file. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    /** The default of the original, which its sample writes down: no choice of an operator. */
    private static final int FORMER_CHUNK_SIZE = 50;

    private final MigrationPlan plan;

    UploadSection(MigrationPlan plan) {
        this.plan = plan;
    }

    /**
     * Reads it.
     *
     * @return the URL; nothing if there is none
     */
    Optional<String> read(OriginalSection remote) {
        boolean missing = remote.isEmpty();
        Optional<OriginalSection.Text> url = remote.text("url");
        url.ifPresent(this::url);
        Optional<OriginalSection.Flag> enabled = remote.flag("enabled");
        if (enabled.filter(OriginalSection.Flag::yes).isPresent() && url.isEmpty()) {
            plan.mistake(
                    enabled.get().line(),
                    "remote.enabled is true without remote.url, with which the original does not start; write the URL,"
                            + " or false");
        } else if (enabled.isPresent()) {
            flag("enabled", enabled.get());
        } else if (!missing && url.isPresent()) {
            plan.write(PID, "enabled", "false", "false", "remote.enabled", 0);
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
        return url.map(OriginalSection.Text::text);
    }

    private void url(OriginalSection.Text url) {
        String shown = withoutPassword(url.text());
        plan.write(PID, "url", url.text(), shown, url.origin(), url.line());
        if (!shown.equals(url.text())) {
            plan.keepUrlSecret();
            plan.remark(
                    url.line(),
                    "remote.url holds a user and perhaps a password, and so does " + PID
                            + ".cfg: only the user of the agent may read it");
        }
        if (!url.text().contains("/api/v1/import")) {
            plan.remark(
                    url.line(),
                    "remote.url does not name /api/v1/import: what is sent is VictoriaMetrics' JSON lines, as before");
        }
    }

    private void token(OriginalSection remote) {
        Optional<OriginalSection.Text> token = remote.text("auth_token");
        Optional<OriginalSection.Text> file = remote.text("auth_token_file");
        if (token.isPresent() && file.isPresent()) {
            plan.mistake(
                    file.get().line(),
                    "remote.auth_token_file is there beside remote.auth_token, with which the original does not start;"
                            + " remove one of them");
        } else if (token.isPresent()) {
            inlineToken(token.get());
        } else {
            file.ifPresent(path -> {
                plan.write(PID, "token.file", path.text(), path.text(), path.origin(), path.line());
                if (!path.text().startsWith("/")) {
                    plan.mistake(
                            path.line(),
                            "remote.auth_token_file is '" + DisplayText.plain(path.text())
                                    + "'; accepted here: a whole path, from / on, since the two agents start in other"
                                    + " folders");
                }
            });
        }
    }

    private void inlineToken(OriginalSection.Text token) {
        if (!TOKEN.matcher(token.text().strip()).matches()) {
            plan.mistake(
                    token.line(),
                    "remote.auth_token is no token; accepted: printable ASCII without blanks, up to 8 KiB");
            return;
        }
        if (token.text().contains("${")) {
            plan.remark(
                    token.line(),
                    "remote.auth_token holds ${…}, which the original sends as it is written; if a program put the token"
                            + " in there, write the token itself into the file " + TOKEN_FILE);
        }
        plan.keepToken(token.text().strip());
        String path = "${tidewatch.config}/" + TOKEN_FILE;
        plan.refer(PID, new MigrationPlan.Value("token.file", path, path, token.origin(), token.line()));
    }

    private void retry(OriginalSection retry) {
        retry.flag("enabled").ifPresent(enabled -> flag("retry.enabled", enabled));
        count(retry, "max_attempts", "retry.max.attempts");
        time(retry, "initial_backoff", "retry.initial.backoff");
        time(retry, "max_backoff", "retry.max.backoff");
        retry.decimal("backoff_multiplier").ifPresent(this::multiplier);
        retry.number("jitter_percent")
                .ifPresent(jitter -> plan.set(
                        PID,
                        "retry.jitter.percent",
                        String.valueOf(jitter.number()),
                        MigrationPlan.Meaning.TEXT,
                        jitter.origin(),
                        jitter.line()));
    }

    private void multiplier(OriginalSection.Text written) {
        BigDecimal multiplier = new BigDecimal(written.text());
        if (multiplier.signum() == 0) {
            plan.remark(written.line(), written.origin() + ": the original takes 0 for not set, and so it is here");
            return;
        }
        if (multiplier.compareTo(BigDecimal.ONE) < 0) {
            plan.mistake(
                    written.line(), written.origin() + " is '" + written.text() + "'; accepted: a number from 1 on");
            return;
        }
        BigDecimal whole = multiplier.setScale(0, RoundingMode.CEILING);
        if (whole.compareTo(multiplier) != 0) {
            plan.remark(
                    written.line(),
                    written.origin() + ": " + written.text() + " is rounded up, since here it is a whole number");
        }
        plan.set(
                PID,
                "retry.backoff.multiplier",
                whole.toPlainString(),
                MigrationPlan.Meaning.TEXT,
                written.origin(),
                written.line());
    }

    private void flag(String ours, OriginalSection.Flag flag) {
        plan.set(PID, ours, String.valueOf(flag.yes()), MigrationPlan.Meaning.TEXT, flag.origin(), flag.line());
    }

    private void time(OriginalSection section, String key, String ours) {
        section.time(key)
                .ifPresent(
                        time -> plan.setDuration(PID, ours, time.text(), time.duration(), time.origin(), time.line()));
    }

    private void count(OriginalSection section, String key, String ours) {
        section.positive(key).ifPresent(count -> count(count, ours));
    }

    private void count(OriginalSection.Count count, String ours) {
        plan.set(PID, ours, String.valueOf(count.number()), MigrationPlan.Meaning.TEXT, count.origin(), count.line());
    }

    private void chunkSize(OriginalSection.Count count) {
        if (count.number() == FORMER_CHUNK_SIZE) {
            plan.leaveDefault(count.origin(), count.line());
        } else {
            count(count, "chunk.size");
        }
    }

    /** A URL without user and password, for messages. */
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
