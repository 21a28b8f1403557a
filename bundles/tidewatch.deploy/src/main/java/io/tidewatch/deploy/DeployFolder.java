package io.tidewatch.deploy;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of each jar in the deploy folder: as health {@code deploy}, and in the log for those that FileInstall
 * would pass over in silence. Those it takes off FileInstall's hands by saying that it can handle them; what it then does
 * with them is nothing.
 *
 * <p>Costs no thread: FileInstall tells what comes and goes, and health is asked for.
 *
 * <p>Threads: those of FileInstall and of health.
 */
@Component(
        immediate = true,
        property = {HealthCheck.NAME + "=deploy", "service.ranking:Integer=1000"})
public final class DeployFolder implements ArtifactInstaller, HealthCheck {
    /** The launcher uses the bundles of the installation where they lie. */
    private static final String BUILT_IN = "reference:";

    private static final String HELD_BACK =
            "held back, as the agent ended again and again; remove or replace the jar at"
                    + " fault (any change of the folder ends this), or restart the agent to try all of them again";

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    private final BundleContext context;
    private final File folder;
    private final BundleOutcome outcome;
    private final Supplier<Collection<String>> heldBack;
    private final Map<File, String> refused = new TreeMap<>();

    /**
     * For Declarative Services.
     *
     * @param heldBack the launcher's, with the locations of the bundles that it holds back
     */
    @Activate
    public DeployFolder(
            BundleContext context,
            @Reference ServiceComponentRuntime components,
            @Reference(target = "(tidewatch.deploy.held=*)") Supplier<Collection<String>> heldBack) {
        this.heldBack = heldBack;
        this.context = context;
        this.folder = new File(context.getProperty("tidewatch.deploy"));
        this.outcome = new BundleOutcome(components, context.getBundle(0).adapt(FrameworkWiring.class));
    }

    @Override
    public boolean canHandle(File file) {
        return isDeployed(file) && JarInspection.objection(file, builtIns()).isPresent();
    }

    @Override
    public void install(File file) {
        Optional<String> objection = JarInspection.objection(file, builtIns());
        if (objection.isPresent()) {
            refuse(file, objection.get());
        }
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) {
        boolean known;
        synchronized (refused) {
            known = refused.remove(file) != null;
        }
        if (known) {
            LOG.info("{} is no longer refused: it is gone, or was replaced", file);
        }
    }

    @Override
    public Health check() {
        SortedMap<String, Object> jars = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        File[] files = folder.listFiles(DeployFolder::isJar);
        Set<String> builtIns = builtIns();
        Collection<String> held = heldBack.get();
        Set<String> heldNames = new TreeSet<>();
        for (File file : files == null ? new File[0] : files) {
            Map<String, Object> jar = new LinkedHashMap<>();
            String problem = examine(file, builtIns, jar);
            if (held.contains(file.toURI().toString())) {
                jar.put("state", "held back");
                jar.put("problem", HELD_BACK);
                heldNames.add(file.getName());
            } else if (problem != null) {
                jar.put("problem", problem);
                problems.add(file.getName() + ": " + problem);
            }
            jars.put(file.getName(), jar);
        }
        problems.sort(null);
        if (!heldNames.isEmpty()) {
            problems.add(0, String.join(", ", heldNames) + ": " + HELD_BACK);
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("folder", folder.toString());
        details.put("jars", jars);
        if (!problems.isEmpty()) {
            return Health.degraded(String.join("; ", problems), details);
        }
        return Health.ok(jars.isEmpty() ? "no jar in " + folder : "every jar of " + folder + " is in use", details);
    }

    private @Nullable String examine(File file, Set<String> builtIns, Map<String, Object> details) {
        Optional<String> objection = JarInspection.objection(file, builtIns);
        if (objection.isPresent()) {
            details.put("state", "refused");
            return objection.get();
        }
        String location = file.toURI().toString();
        for (Bundle bundle : context.getBundles()) {
            if (location.equals(bundle.getLocation())) {
                details.put("bundle", bundle.getSymbolicName());
                details.put("version", bundle.getVersion().toString());
                details.put("state", BundleOutcome.state(bundle));
                return outcome.problem(bundle);
            }
        }
        details.put("state", "not installed");
        return "it is not installed; if that lasts for more than a few seconds, another jar has a bundle of the same name"
                + " and version, or the log tells more";
    }

    private void refuse(File file, String why) {
        boolean news;
        synchronized (refused) {
            news = !why.equals(refused.put(file, why));
        }
        if (news) {
            LOG.error("{} is not installed: {}", file, why);
        }
    }

    private boolean isDeployed(File file) {
        return isJar(file) && folder.equals(file.getParentFile());
    }

    private static boolean isJar(File file) {
        return file.getName().endsWith(".jar") && !file.getName().startsWith(".") && file.isFile();
    }

    private Set<String> builtIns() {
        Set<String> names = new TreeSet<>();
        Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getLocation().startsWith(BUILT_IN))
                .forEach(bundle -> names.add(bundle.getSymbolicName()));
        return names;
    }
}
