package io.tidewatch.deploy;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A jar in the place of a built-in: the built-in's bundle gets its content, and its own again when the jar is removed or does
 * not work. It works when its components are made and, of a collector, a pass has succeeded within {@link #TRIAL}, with
 * samples where there were some before. Not safe
 * for use by several threads.
 */
final class Replacement {
    /** How long it may take until it works. */
    static final Duration TRIAL = Duration.ofSeconds(60);

    /** How many passes a collector has for it, where these take longer. */
    private static final int PASSES = 3;

    /** How long a part without a collector has to be without a problem. */
    private static final Duration PROOF = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);
    private static final String OURS = "tidewatch.";
    private static final String COLLECTOR = OURS + "collector.";
    private static final String COLLECTORS = "(" + HealthCheck.NAME + "=collector.*)";

    /** The bundle whose checks these are: no other is asked, whatever it calls its own. */
    private static final String SCHEDULER = OURS + "scheduler";

    private enum State {
        /** The built-in runs, as this jar was refused or did not work. */
        ROLLED_BACK,
        /** It runs, and is not known to work. */
        ON_TRIAL,
        /** It runs and works. */
        IN_USE
    }

    private final Path file;
    private final String symbolicName;
    private final Installation installation;
    private final Bundle builtIn;
    private final Map<String, Health> before = new HashMap<>();
    private State state = State.ROLLED_BACK;
    private String trouble = "";
    private long begun;

    Replacement(Path file, JarInspection inspection, Installation installation) {
        this.file = file;
        this.symbolicName = inspection.symbolicName();
        this.installation = installation;
        this.builtIn = Objects.requireNonNull(installation.builtIns().bundle(symbolicName), symbolicName);
    }

    String symbolicName() {
        return symbolicName;
    }

    String state() {
        return switch (state) {
            case ROLLED_BACK -> "rolled back";
            case ON_TRIAL -> "in place of the built-in, on trial";
            case IN_USE -> "in place of the built-in";
        };
    }

    /** Takes the place of the built-in, or of an older version of this jar. */
    void begin(JarInspection inspection) {
        if (state != State.ROLLED_BACK && builtIn.getVersion().equals(inspection.version())) {
            // The framework has one bundle of a name and version at a time, and the check needs another.
            installation.restore(builtIn);
        }
        trouble = "";
        begun = System.nanoTime();
        before.clear();
        before.putAll(collectors());
        try {
            List<String> missing = missing();
            if (!missing.isEmpty()) {
                trouble = refusal("it needs what no bundle offers: " + String.join(", ", missing)
                        + "; build it against this version of tidewatch");
                return;
            }
            state = State.ON_TRIAL;
            try (InputStream content = Files.newInputStream(file)) {
                installation.update(builtIn, content);
            }
            LOG.info("{} takes the place of the built-in {}", file.getFileName(), symbolicName);
        } catch (IOException | BundleException | RuntimeException e) {
            rollBack("it cannot be installed (" + e.getMessage() + ")");
        }
    }

    /** Finds out whether it works, rolls it back if not, and returns what is wrong with it; empty if nothing is. */
    String examine() {
        if (state != State.ROLLED_BACK) {
            installation.stopIfCrowded(builtIn);
        }
        if (state == State.ON_TRIAL) {
            String problem = installation.problem(builtIn);
            long time = System.nanoTime() - begun;
            if (works(problem, time)) {
                state = State.IN_USE;
                LOG.info("{} works in the place of the built-in {}", file.getFileName(), symbolicName);
            } else if (time > trialNanos() || isHopeless()) {
                rollBack(problem.isEmpty() ? reasonOfCollectors() : problem);
            }
        }
        if (state == State.ROLLED_BACK) {
            return trouble;
        }
        String problem = installation.problem(builtIn);
        if (installation.isStopped(builtIn)) {
            rollBack(problem);
        }
        return problem;
    }

    void end() {
        if (state != State.ROLLED_BACK) {
            installation.restore(builtIn);
            LOG.info("The built-in {} runs again", symbolicName);
        }
        state = State.ROLLED_BACK;
    }

    private List<String> missing() throws IOException, BundleException {
        Bundle probe;
        try (InputStream content = Files.newInputStream(file)) {
            // Never started: the launcher's hook keeps a second bundle of this name from being resolved.
            probe = installation.context().installBundle("probe:" + file.toUri(), content);
        }
        try {
            return MissingRequirements.of(probe, installation.wiring());
        } finally {
            probe.uninstall();
        }
    }

    private boolean works(String problem, long time) {
        if (!problem.isEmpty() || builtIn.getState() != Bundle.ACTIVE) {
            return false;
        }
        Map<String, Health> collectors = collectors();
        return (hadCollector() || time > PROOF.toNanos())
                && collectors.keySet().containsAll(before.keySet())
                && collectors.entrySet().stream().allMatch(entry -> hasPassed(entry.getKey(), entry.getValue()));
    }

    /** Whether a collector shows that it works. Some have one per configuration file, or none without a file. */
    private boolean hadCollector() {
        return symbolicName.startsWith(COLLECTOR) && !before.isEmpty();
    }

    private boolean hasPassed(String name, Health health) {
        boolean isOff = Boolean.FALSE.equals(health.details().get("enabled"));
        Object last = lastSuccess(health);
        Health then = before.get(name);
        boolean isNew = !last.equals("") && (then == null || !last.equals(lastSuccess(then)));
        return isOff || (health.status() != Status.ERROR && isNew && !hasLostItsSamples(name, health));
    }

    /** A pass without a sample succeeds too; not where there were some. */
    private boolean hasLostItsSamples(String name, Health health) {
        Health then = before.get(name);
        return then != null && number(then, "samples") > 0 && number(health, "samples") == 0;
    }

    private static Object lastSuccess(Health health) {
        return Objects.requireNonNullElse(health.details().get("last_success"), "");
    }

    private static double number(Health health, String detail) {
        return health.details().get(detail) instanceof Number number ? number.doubleValue() : 0;
    }

    /** Some collectors have no sample before their second pass. */
    private long trialNanos() {
        double longest = collectors().values().stream()
                .mapToDouble(health -> number(health, "interval_seconds"))
                .max()
                .orElse(0);
        return Math.max(TRIAL.toNanos(), (long) (PASSES * longest * 1e9));
    }

    /** Whether no waiting helps. */
    private boolean isHopeless() {
        return new BundleOutcome(installation.context(), installation.wiring()).cannotBeMade(builtIn)
                || builtIn.getState() == Bundle.INSTALLED
                || builtIn.getState() == Bundle.RESOLVED;
    }

    private String reasonOfCollectors() {
        Map<String, Health> collectors = collectors();
        return before.keySet().stream()
                .filter(name -> !collectors.containsKey(name))
                .findFirst()
                .map(name -> "it has no " + name)
                .orElseGet(() -> collectors.entrySet().stream()
                        .filter(entry -> !hasPassed(entry.getKey(), entry.getValue()))
                        .map(entry -> entry.getKey() + ": "
                                + (hasLostItsSamples(entry.getKey(), entry.getValue())
                                        ? "its passes have no sample, and those before it had"
                                        : entry.getValue().message()))
                        .findFirst()
                        .orElse("it did not work"));
    }

    /** Health of the collectors that this bundle offers, by name, as the scheduler shows it. */
    private Map<String, Health> collectors() {
        String bundle = symbolicName + " " + builtIn.getVersion();
        BundleContext context = installation.context();
        Map<String, Health> own = new HashMap<>();
        try {
            for (ServiceReference<HealthCheck> reference :
                    context.getServiceReferences(HealthCheck.class, COLLECTORS)) {
                boolean known = reference.getBundle() != null
                        && SCHEDULER.equals(reference.getBundle().getSymbolicName());
                HealthCheck check = known ? context.getService(reference) : null;
                Health health = check == null ? null : check.check();
                if (health != null && bundle.equals(health.details().get("bundle"))) {
                    own.put(String.valueOf(reference.getProperty(HealthCheck.NAME)), health);
                }
                context.ungetService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return own;
    }

    private void rollBack(String why) {
        trouble = refusal(why);
        installation.restore(builtIn);
        state = State.ROLLED_BACK;
        LOG.error("{}: {}", file.getFileName(), trouble);
    }

    private String refusal(String why) {
        return "it does not work in the place of the built-in " + symbolicName + ", which runs: " + why
                + "; replace or remove it";
    }
}
