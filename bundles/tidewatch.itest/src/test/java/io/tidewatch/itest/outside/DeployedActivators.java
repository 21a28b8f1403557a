package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jars for the deploy folder whose start runs code that a test wrote. */
final class DeployedActivators {
    private final CompiledExample project;
    private final Map<String, Map<String, String>> headers = new LinkedHashMap<>();

    /** @param folder an empty one */
    DeployedActivators(Path folder) throws IOException {
        this.project = new CompiledExample(folder);
    }

    /**
     * One more jar.
     *
     * @param name its symbolic name, and that of its package
     * @param start the body of its start, with a {@code context}
     * @param more headers of its manifest
     */
    DeployedActivators with(String name, String start, Map<String, String> more) throws IOException {
        project.write(
                name + "/Activator.java",
                """
                package %s;

                public final class Activator implements org.osgi.framework.BundleActivator {
                    public void start(org.osgi.framework.BundleContext context) throws Exception {
                        %s
                    }

                    public void stop(org.osgi.framework.BundleContext context) {}
                }
                """
                        .formatted(name, start));
        Map<String, String> all = new LinkedHashMap<>(more);
        all.putIfAbsent("Bundle-Activator", name + ".Activator");
        headers.put(name, all);
        return this;
    }

    /** Makes them all and puts them into the deploy folder, as {@code <name>.jar}; returns the files. */
    List<Path> deploy(AgentProcess agent) throws Exception {
        project.compile();
        List<Path> jars = new ArrayList<>();
        for (Map.Entry<String, Map<String, String>> jar : headers.entrySet()) {
            Path made = project.bundle(jar.getKey(), "1.0.0", CollectorsPageIT.contract(), jar.getValue());
            Path draft = Files.copy(made, agent.folder("deploy").resolve("." + jar.getKey()));
            jars.add(Files.move(
                    draft, agent.folder("deploy").resolve(jar.getKey() + ".jar"), StandardCopyOption.ATOMIC_MOVE));
        }
        return jars;
    }
}
