package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Runs the in-framework tests (src/main of this module) inside the shipped distribution, in two agents beside each
 * other: a copy of its tree gets one more folder of bundles, with osgi-test, JUnit, the test bundle and the tester that
 * runs it, and is started as an operator would. Each test inside appears as a test here.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class InFrameworkIT {
    private static final String TEST_LEVEL = "9";

    /** Half of the time. It has an agent of its own. */
    private static final String LONGEST = "io.tidewatch.itest.HotDeploymentTest";

    private static final Duration LIMIT = Duration.ofMinutes(12);

    @TestFactory
    List<DynamicTest> theLongestClassPasses() throws Exception {
        return run("in-framework-longest", List.of(LONGEST));
    }

    @TestFactory
    List<DynamicTest> everyOtherClassPasses() throws Exception {
        List<String> others = new ArrayList<>(testClasses());
        assertThat(others.remove(LONGEST)).as(LONGEST).isTrue();
        return run("in-framework", others);
    }

    private static List<String> testClasses() throws IOException {
        try (JarFile bundle = new JarFile(System.getProperty("tidewatch.itest.bundle"))) {
            return List.of(bundle.getManifest()
                    .getMainAttributes()
                    .getValue("Test-Cases")
                    .split(","));
        }
    }

    private static List<DynamicTest> run(String name, List<String> classes) throws Exception {
        Path folder = AgentProcess.workFolder(name);
        Path tree = AgentProcess.copyOfDistribution(folder.resolve("tidewatch"));
        addTestBundles(tree.resolve("bundles").resolve(TEST_LEVEL));
        Path reports = Files.createDirectories(folder.resolve("reports"));

        try (AgentProcess agent = new AgentProcess(tree, folder)) {
            agent.configure("tidewatch.collector.cpu", Map.of("interval", "1s"))
                    .configure("tidewatch.collector.memory", Map.of("interval", "1s"))
                    .configure("tidewatch.device", Map.of("id", "in-framework"))
                    .javaOption("-Xmx192m -XX:MaxMetaspaceSize=128m -XX:CompressedClassSpaceSize=32m")
                    .javaOption("-XX:ReservedCodeCacheSize=48m")
                    .javaOption("-Dtester.separatethread=true")
                    .javaOption("-Dtester.dir=" + reports)
                    .javaOption("-Dtester.names=" + String.join(",", classes))
                    .javaOption("-Dtidewatch.itest.example=" + System.getProperty("tidewatch.itest.example"))
                    .start();
            agent.awaitEnd(LIMIT);
            List<DynamicTest> tests = read(reports);
            assertThat(tests)
                    .as(() -> "tests that ran inside; the output of the agent:\n" + agent.output())
                    .isNotEmpty();
            assertThat(classes).allSatisfy(tested -> assertThat(tests)
                    .as("tests of " + tested)
                    .anyMatch(test -> test.getDisplayName().startsWith(tested + ".")));
            agent.output().lines().filter(line -> line.contains("Test: ")).forEach(System.out::println);
            return tests;
        }
    }

    private static void addTestBundles(Path level) throws IOException {
        Files.createDirectories(level);
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("tidewatch.itest.bundles")))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, level.resolve(jar.getFileName().toString()));
            }
        }
        Files.copy(Path.of(System.getProperty("tidewatch.itest.bundle")), level.resolve("tidewatch.itest.jar"));
    }

    private static List<DynamicTest> read(Path reports) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".xml")).toList()) {
                Document report = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile());
                NodeList cases = report.getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    tests.add(asTest((Element) cases.item(i)));
                }
            }
        }
        return tests;
    }

    private static DynamicTest asTest(Element testCase) {
        String name = testCase.getAttribute("classname") + "." + testCase.getAttribute("name");
        return DynamicTest.dynamicTest(name, () -> {
            assertThat(textOf(testCase, "failure")).as("failure").isNull();
            assertThat(textOf(testCase, "error")).as("error").isNull();
            assertThat(textOf(testCase, "skipped")).as("skipped").isNull();
        });
    }

    private static String textOf(Element testCase, String tag) {
        NodeList elements = testCase.getElementsByTagName(tag);
        return elements.getLength() == 0
                ? null
                : ((Element) elements.item(0)).getAttribute("message") + "\n"
                        + elements.item(0).getTextContent();
    }
}
