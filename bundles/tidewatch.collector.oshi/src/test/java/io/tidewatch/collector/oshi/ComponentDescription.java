package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the build made of the annotations of a component.
 *
 * @param pid where its configuration comes from
 * @param service what it is registered as
 * @param properties its properties by name, as texts
 */
record ComponentDescription(String pid, String service, Map<String, String> properties) {
    static ComponentDescription of(Class<?> component) throws Exception {
        try (InputStream xml =
                component.getClassLoader().getResourceAsStream("OSGI-INF/" + component.getName() + ".xml")) {
            assertThat(xml).as("the description of " + component).isNotNull();
            Element root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(xml)
                    .getDocumentElement();
            Map<String, String> properties = new TreeMap<>();
            NodeList elements = root.getElementsByTagName("property");
            for (int i = 0; i < elements.getLength(); i++) {
                Element property = (Element) elements.item(i);
                properties.put(property.getAttribute("name"), property.getAttribute("value"));
            }
            Element provided = (Element) root.getElementsByTagName("provide").item(0);
            return new ComponentDescription(
                    root.getAttribute("configuration-pid"), provided.getAttribute("interface"), properties);
        }
    }
}
