package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the build made of the annotations of a collector of this module: its PID, its keys and their defaults. */
final class ComponentDescription {
    private static final Path DESCRIPTIONS = Path.of("target/classes/OSGI-INF");
    private static final String CONFIGURATION = "configuration-pid";

    /** A key of the .cfg, with what holds without it and what it means. */
    record Key(String defaultValue, String text) {}

    private ComponentDescription() {}

    /** The PID of the only component, which is the name of its file. */
    static String onlyPid() throws Exception {
        List<Document> components = all(DESCRIPTIONS);
        assertThat(components).as("components in " + DESCRIPTIONS).hasSize(1);
        return components.get(0).getDocumentElement().getAttribute(CONFIGURATION);
    }

    /** All keys in the order in which an operator reads them. */
    static Map<String, Key> keys(String pid) throws Exception {
        Map<String, String> properties = new LinkedHashMap<>();
        elements(component(pid), "property")
                .forEach(property -> properties.put(property.getAttribute("name"), property.getAttribute("value")));
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put(
                "enabled",
                new Key("true", "[keys of every collector](../tidewatch.scheduler/README.md#configuration)"));
        for (String key : List.of("interval", "timeout", "priority")) {
            keys.put(key, new Key(properties.getOrDefault("collector." + key, ""), ""));
        }
        if (Files.isDirectory(DESCRIPTIONS.resolve("metatype"))) {
            for (Document metatype : all(DESCRIPTIONS.resolve("metatype"))) {
                Element designate = elements(metatype, "Designate").findFirst().orElseThrow();
                if (pid.equals(designate.getAttribute("pid")) || pid.equals(designate.getAttribute("factoryPid"))) {
                    addAttributes(metatype, keys);
                }
            }
        }
        return keys;
    }

    /** Metatype parts the values of a default by commas, and escapes those within one. */
    private static String unescaped(String text) {
        return text.replace("\\,", ",").replace("\\ ", " ").replace("\\\\", "\\");
    }

    private static void addAttributes(Document metatype, Map<String, Key> keys) {
        elements(metatype, "AD")
                .forEach(attribute -> keys.put(
                        attribute.getAttribute("id"),
                        new Key(unescaped(attribute.getAttribute("default")), attribute.getAttribute("description"))));
    }

    private static Stream<Element> elements(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength()).mapToObj(found::item).map(Element.class::cast);
    }

    private static Document component(String pid) throws Exception {
        List<Document> named = all(DESCRIPTIONS).stream()
                .filter(component -> component
                        .getDocumentElement()
                        .getAttribute(CONFIGURATION)
                        .equals(pid))
                .toList();
        assertThat(named).as("components with the configuration-pid " + pid).hasSize(1);
        return named.get(0);
    }

    private static List<Document> all(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> xml =
                    files.filter(path -> path.toString().endsWith(".xml")).toList();
            List<Document> documents = new ArrayList<>();
            for (Path file : xml) {
                documents.add(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile()));
            }
            return documents;
        }
    }
}
