package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/collectors.md and CONTRIBUTING.md tell a contributor to write works in the agent that is built with them. */
class CollectorsPageIT {
    private static final Path ROOT = Path.of("../..");
    private static final Path PAGE = ROOT.resolve("docs/collectors.md");
    private static final Pattern ARTIFACT =
            Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");
    private static final Pattern SHOWN = Pattern.compile("this says\\n\\n```\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CONTRIBUTING_CODE =
            Pattern.compile(" {3}```java\\n( {3}@Component.*?) {3}```\\n", Pattern.DOTALL);
    private static final String BUNDLE = "com.example.recordings";

    @Test
    void theCollectorOfThePageCollectsInARunningAgent() throws Exception {
        Path folder = AgentProcess.workFolder("collectors-page");
        CompiledExample example = new CompiledExample(Files.createDirectories(folder.resolve("project")));
        for (MarkdownPage.FileBlock file : new MarkdownPage(PAGE).files()) {
            example.write(file.name(), file.content());
        }
        example.compile();
        Path jar = example.bundle(BUNDLE, "1.0.0", contract());
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(recordings.resolve("a.mp4"), "123\n");
        Files.writeString(recordings.resolve("b.ts"), "hello\n");

        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", "encoder-7", "labels", "site=studio"))
                    .configure(
                            "tidewatch.collector.recordings",
                            Map.of("interval", "500ms", "folder", recordings.toString()))
                    .start();
            agent.awaitStatus("ok");
            Path waiting = Files.copy(jar, agent.folder("deploy/.new"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(waiting, agent.folder("deploy/recordings.jar"));
            agent.await(
                    "five samples in a pass",
                    () -> agent.component("collector.recordings")
                                    .path("details")
                                    .path("samples")
                                    .asInt()
                            == 5);

            assertThat(agent.get("/metrics").body()).contains(linesShown());
            assertThat(agent.component("collector.recordings")
                            .path("details")
                            .path("bundle")
                            .asText())
                    .isEqualTo(BUNDLE + " 1.0.0");

            agent.configure("tidewatch.collector.recordings", Map.of("folder", "here"));
            agent.await("the mistake", () -> agent.component("collector.recordings")
                    .path("message")
                    .asText()
                    .contains("invalid folder \"here\" (expected an absolute path, such as /srv/recordings)"));
        }
    }

    /** The project of the page is made with what this build is made with. */
    @Test
    void theVersionsOfThePageAreThoseOfTheBuild() throws IOException {
        String project = new MarkdownPage(PAGE)
                .files().stream()
                        .filter(file -> file.name().equals("pom.xml"))
                        .findFirst()
                        .orElseThrow()
                        .content();
        String parent = Files.readString(ROOT.resolve("pom.xml"));
        String bnd = parent.replaceFirst("(?s).*<bnd.version>([^<]+)<.*", "$1");
        Matcher artifact = ARTIFACT.matcher(project);
        int compared = 0;
        while (artifact.find()) {
            String name = artifact.group(1);
            if (name.equals(BUNDLE)) {
                continue;
            }
            compared++;
            String expected = name.equals("bnd-maven-plugin") ? "${bnd.version}" : artifact.group(2);
            assertThat(parent)
                    .containsPattern("<artifactId>" + name + "</artifactId>\\s*<version>"
                            + Pattern.quote(name.startsWith("tidewatch.") ? "${project.version}" : expected) + "<");
            if (name.equals("bnd-maven-plugin")) {
                assertThat(artifact.group(2)).isEqualTo(bnd);
            } else if (name.startsWith("tidewatch.")) {
                assertThat(contract().getFileName()).hasToString(name + "-" + artifact.group(2) + ".jar");
            }
        }
        assertThat(compared).isEqualTo(5);
    }

    @Test
    void theCollectorOfTheReadmeCompiles() throws IOException {
        Matcher code = CONTRIBUTING_CODE.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md")));
        assertThat(code.find()).isTrue();
        CompiledExample example = new CompiledExample(AgentProcess.workFolder("readme-collector"));
        example.write(
                "EntropyCollector.java",
                "package com.example;\nimport io.tidewatch.api.collector.*;\nimport io.tidewatch.procfs.*;\n"
                        + "import java.io.IOException;\nimport java.util.List;\n"
                        + "import org.osgi.service.component.annotations.*;\n" + code.group(1));
        example.compile();
    }

    private static String[] linesShown() throws IOException {
        Matcher shown = SHOWN.matcher(Files.readString(PAGE));
        assertThat(shown.find()).isTrue();
        List<String> lines = shown.group(1).lines().toList();
        assertThat(lines).hasSize(4);
        return lines.toArray(String[]::new);
    }

    /** The jar that collectors are built against. */
    static Path contract() throws IOException {
        try (var jars =
                Files.newDirectoryStream(AgentProcess.distribution().resolve("bundles/5"), "tidewatch.api-*.jar")) {
            return jars.iterator().next();
        }
    }
}
