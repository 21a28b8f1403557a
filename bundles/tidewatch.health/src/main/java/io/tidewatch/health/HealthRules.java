package io.tidewatch.health;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the state of the agent follows from what its components say. Pure: the same reports give the same verdict.
 *
 * @param degradedPending so many pending samples degrade the uploader
 * @param degradedUploadAge an upload longer ago than this degrades the uploader; empty: twice the upload interval
 * @param errorPending with more pending samples than this ...
 * @param errorUploadAge ... and an upload longer ago than this, delivery has failed
 */
record HealthRules(
        long degradedPending, Optional<Duration> degradedUploadAge, long errorPending, Duration errorUploadAge) {
    static final HealthRules DEFAULT = new HealthRules(5_000, Optional.empty(), 10_000, Duration.ofMinutes(10));

    private static final String NO_COLLECTOR =
            "no collector is running; install one, or set enabled = true in its .cfg";
    private static final String EVERY_COLLECTOR =
            "every collector fails; fix what they say below, and check that the agent may read /proc and /sys";
    private static final String BEHIND =
            "check the network and the server, and the log of the uploader for what slows it down";
    private static final String COLLECTOR = "collector.";
    private static final String STORAGE = "storage";
    private static final String UPLOADER = "uploader";

    /**
     * The state of the agent.
     *
     * @param message why, in one sentence
     * @param ready whether it does all that it is there for: the status is OK and, unless uploads are off, one has
     *     succeeded
     * @param notReady why it is not ready; empty when it is
     * @param components what each component says, corrected by the rules
     */
    record Verdict(
            Status status, String message, boolean ready, String notReady, SortedMap<String, Health> components) {}

    static HealthRules read(HealthSettings.Config config, SettingReader reader) {
        return new HealthRules(
                reader.read("degraded.pending", config.degraded_pending(), HealthRules::count, DEFAULT.degradedPending),
                reader.read("degraded.upload.age", config.degraded_upload_age(), HealthRules::age, Optional.empty()),
                reader.read("error.pending", config.error_pending(), HealthRules::count, DEFAULT.errorPending),
                reader.read("error.upload.age", config.error_upload_age(), Setting::duration, DEFAULT.errorUploadAge));
    }

    private static long count(String key, String value) {
        return Setting.integer(key, value, 1, Integer.MAX_VALUE);
    }

    private static Optional<Duration> age(String key, String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(Setting.duration(key, value));
    }

    /** Evaluates what the components said of themselves, by name. */
    Verdict evaluate(Map<String, Health> reported) {
        SortedMap<String, Health> components = new TreeMap<>(reported);
        components.putIfAbsent(
                STORAGE,
                Health.error(
                        "no store is running, samples are lost; start the bundle tidewatch.store.sqlite", Map.of()));
        Health uploader = components.get(UPLOADER);
        Finding delivery = uploader == null ? Finding.NONE : judgeUploader(uploader);
        if (uploader != null) {
            components.put(UPLOADER, delivery.applyTo(uploader));
        }

        List<Finding> findings = judgeCollectors(components);
        components.forEach((name, health) -> {
            if ((name.equals(STORAGE) && health.status() == Status.ERROR)
                    || (name.equals(UPLOADER) && delivery.status() == Status.ERROR)) {
                findings.add(new Finding(Status.ERROR, name + ": " + health.message()));
            } else if (health.status() != Status.OK && !name.startsWith(COLLECTOR)) {
                findings.add(new Finding(Status.DEGRADED, name + ": " + health.message()));
            }
        });

        Status status = findings.stream()
                .map(Finding::status)
                .max(Comparator.naturalOrder())
                .orElse(Status.OK);
        String message = findings.stream().map(Finding::message).collect(Collectors.joining("; "));
        boolean awaitsUpload = uploader != null && isOn(uploader) && !hasUploaded(uploader);
        String notReady = status == Status.OK && awaitsUpload ? "nothing was uploaded yet" : message;
        String all = "all " + components.size() + " components are fine";
        return new Verdict(status, findings.isEmpty() ? all : message, notReady.isEmpty(), notReady, components);
    }

    private static List<Finding> judgeCollectors(SortedMap<String, Health> components) {
        List<Finding> findings = new ArrayList<>();
        int running = 0;
        int errors = 0;
        for (Map.Entry<String, Health> entry : components.entrySet()) {
            Health health = entry.getValue();
            if (!entry.getKey().startsWith(COLLECTOR)) {
                continue;
            }
            // One that is turned off does not run; it can still say that its configuration was rejected. One with
            // the name of a component reports on the agent and never fails: it does not count as one of the machine.
            boolean ofTheMachine = !components.containsKey(entry.getKey().substring(COLLECTOR.length()));
            running += ofTheMachine && isOn(health) ? 1 : 0;
            errors += ofTheMachine && isOn(health) && health.status() == Status.ERROR ? 1 : 0;
            if (health.status() != Status.OK) {
                findings.add(new Finding(Status.DEGRADED, entry.getKey() + ": " + health.message()));
            }
        }
        if (running == 0) {
            findings.add(0, new Finding(Status.DEGRADED, NO_COLLECTOR));
        } else if (errors == running) {
            findings.add(0, new Finding(Status.ERROR, EVERY_COLLECTOR));
        }
        return findings;
    }

    private Finding judgeUploader(Health uploader) {
        if (!isOn(uploader)) {
            return Finding.NONE;
        }
        double age = unsentFor(uploader);
        double interval = Math.max(1, number(uploader, "upload_interval_seconds"));
        double pending = number(uploader, "pending_count");
        double ageLimit = degradedUploadAge.map(HealthRules::seconds).orElse(2 * interval);

        // A fact that is missing is NaN, which is never above a limit.
        List<String> messages = new ArrayList<>();
        if (age > ageLimit) {
            messages.add("no upload for " + shown(age) + " s, "
                    + (degradedUploadAge.isPresent()
                            ? "the limit is " + shown(ageLimit)
                            : "expected every " + shown(interval))
                    + " s");
        }
        if (pending >= degradedPending) {
            messages.add(shown(pending) + " samples are pending, the limit is " + degradedPending);
        }
        if (age > seconds(errorUploadAge) && pending > errorPending) {
            return new Finding(
                    Status.ERROR,
                    messages.isEmpty()
                            ? "no upload for " + shown(age) + " s, " + shown(pending) + " samples are pending"
                            : String.join("; ", messages));
        }
        return messages.isEmpty() ? Finding.NONE : new Finding(Status.DEGRADED, String.join("; ", messages));
    }

    /** How long an upload is overdue: since the last one, but not before there was anything to upload. */
    private static double unsentFor(Health uploader) {
        double age = number(uploader, "time_since_upload_seconds");
        double oldest = number(uploader, "oldest_pending_seconds");
        if (number(uploader, "pending_count") == 0) {
            return 0;
        }
        return Double.isNaN(oldest) ? age : Math.min(age, oldest);
    }

    private static boolean isOn(Health health) {
        return !Boolean.FALSE.equals(health.details().get("enabled"));
    }

    private static boolean hasUploaded(Health uploader) {
        return uploader.details().get("last_upload_time") != null;
    }

    private static double number(Health health, String fact) {
        return health.details().get(fact) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String shown(double number) {
        return number == Math.rint(number) || number >= 10
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1f", number);
    }

    private record Finding(Status status, String message) {
        static final Finding NONE = new Finding(Status.OK, "");

        /** The worse of the component's own word and this; what it complained of itself is kept behind the rule. */
        Health applyTo(Health own) {
            if (status == Status.OK) {
                return own;
            }
            Status worse = status.compareTo(own.status()) > 0 ? status : own.status();
            String both = message + "; " + (own.status() == Status.OK ? BEHIND : own.message());
            return new Health(worse, both, own.details());
        }
    }
}
