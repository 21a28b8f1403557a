package io.tidewatch.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** A jar of the deploy folder and what it is used for. Not safe for use by several threads. */
final class DeployedJar {
    private static final String HELD_BACK =
            "quarantined, as the agent ended again and again; remove or replace the jar at"
                    + " fault (any change of the folder ends this), or restart the agent to try all of them again";

    private final Path file;
    private final Installation installation;
    private String stamp = "";
    private JarInspection inspection;
    private String failure = "";
    private boolean isPassing;
    private boolean isDue;
    private @Nullable Bundle bundle;
    private @Nullable Replacement replacement;
    private Map<String, Object> details = Map.of();
    private String problem = "";

    DeployedJar(Path file, Installation installation) {
        this.file = file;
        this.installation = installation;
        this.inspection = JarInspection.of(file, installation.builtIns());
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /** Uses the file as it is, unless it was taken with that stamp. */
    void take(String newStamp) {
        if (stamp.equals(newStamp)) {
            return;
        }
        stamp = newStamp;
        inspection = JarInspection.of(file, installation.builtIns());
        failure = "";
        isDue = false;
        if (replacement != null && !inspection.symbolicName().equals(replacement.symbolicName())) {
            endReplacement();
        }
        if (!inspection.objection().isEmpty()) {
            endReplacement();
            uninstall();
        } else if (!installation.isHeld(location())) {
            use();
        }
    }

    /**
     * What could not be installed is tried anew at the next examination.
     *
     * @param changed whether what stood in its way may be gone, as another jar; else only what passes by itself is tried, as
     *     each try writes the jar to the disk
     */
    void retry(boolean changed) {
        isDue |= !failure.isEmpty() && (changed || isPassing);
    }

    void remove() {
        endReplacement();
        uninstall();
    }

    /** Tries again what could not be used yet, and finds out how what is used does. */
    void examine() {
        boolean held = installation.isHeld(location());
        boolean unused = bundle == null && replacement == null && failure.isEmpty();
        if (inspection.objection().isEmpty() && (unused || isDue) && !held) {
            use();
        }
        Map<String, Object> now = new LinkedHashMap<>();
        problem = assess(held, now);
        if (!inspection.note().isEmpty()) {
            now.put("note", inspection.note());
        }
        if (!problem.isEmpty()) {
            now.put("problem", problem);
        }
        details = now;
    }

    /** As of the last examination. */
    Map<String, Object> details() {
        return details;
    }

    /** What is wrong with it and what to do, as of the last examination; empty if nothing is. */
    String problem() {
        return problem;
    }

    private String assess(boolean held, Map<String, Object> now) {
        if (!inspection.objection().isEmpty()) {
            now.put("state", "refused");
            return inspection.objection();
        }
        now.put("bundle", inspection.symbolicName());
        now.put("version", inspection.version().toString());
        if (!failure.isEmpty()) {
            now.put("state", "not installed");
            return failure;
        }
        Replacement replacing = replacement;
        Bundle installed = bundle;
        if (replacing != null) {
            String trouble = replacing.examine();
            now.put("state", replacing.state());
            return trouble;
        }
        if (held || installed == null) {
            now.put("state", "quarantined");
            return HELD_BACK;
        }
        installation.start(installed);
        installation.stopIfCrowded(installed);
        now.put("state", BundleOutcome.state(installed));
        return installation.problem(installed);
    }

    private void use() {
        failure = "";
        isDue = false;
        try {
            if (installation.builtIns().isBuiltIn(inspection.symbolicName())) {
                uninstall();
                replace();
            } else {
                endReplacement();
                install();
            }
        } catch (IOException | BundleException | RuntimeException e) {
            failure = reason(e);
            isPassing = e instanceof IOException
                    || (e instanceof BundleException refused && refused.getType() == BundleException.STATECHANGE_ERROR);
        }
    }

    private void install() throws IOException, BundleException {
        Bundle installed = bundle;
        if (installed != null && installed.getState() == Bundle.UNINSTALLED) {
            installed = null;
        }
        try (InputStream content = Files.newInputStream(file)) {
            if (installed == null) {
                bundle = installation.install(location(), content);
            } else {
                installation.update(installed, content);
            }
        }
    }

    private void replace() {
        Replacement replacing = replacement;
        if (replacing == null) {
            replacing = new Replacement(file, inspection, installation);
            replacement = replacing;
        }
        replacing.begin(inspection);
    }

    private void endReplacement() {
        Replacement ending = replacement;
        replacement = null;
        if (ending != null) {
            ending.end();
        }
    }

    private void uninstall() {
        Bundle installed = bundle;
        bundle = null;
        if (installed != null) {
            installation.uninstall(installed, name());
        }
    }

    private String location() {
        return file.toFile().toURI().toString();
    }

    private String reason(Exception e) {
        if (e instanceof BundleException refused && refused.getType() == BundleException.DUPLICATE_BUNDLE_ERROR) {
            return "another jar has a bundle of the same name and version; remove one of them";
        }
        String said = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
        return "it cannot be installed (" + said + "); its " + Constants.BUNDLE_MANIFESTVERSION
                + " and other headers are made by bnd, as in the example";
    }
}
