package io.tidewatch.health;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** ConfigurationAdmin with one configuration, which remembers its updates and can act on them as Jetty does. */
final class FakeConfigurations {
    private final List<Map<String, Object>> updates = Collections.synchronizedList(new ArrayList<>());
    private volatile Dictionary<String, Object> current;
    private volatile Consumer<Map<String, Object>> onUpdate = properties -> {};

    List<Map<String, Object>> updates() {
        return List.copyOf(updates);
    }

    void onUpdate(Consumer<Map<String, Object>> action) {
        onUpdate = action;
    }

    void preset(Map<String, Object> properties) {
        current = FrameworkUtil.asDictionary(properties);
    }

    ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (name, args) -> {
            if (!name.equals("getConfiguration") || !List.of(args).equals(List.of("org.apache.felix.http", "?"))) {
                throw new AssertionError(name + List.of(args));
            }
            return configuration();
        });
    }

    private Configuration configuration() {
        return proxy(Configuration.class, (name, args) -> {
            if (name.equals("getProperties")) {
                return current;
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> properties = Map.copyOf(FrameworkUtil.asMap((Dictionary<String, Object>) args[0]));
            current = FrameworkUtil.asDictionary(properties);
            updates.add(properties);
            onUpdate.accept(properties);
            return null;
        });
    }

    private interface Call {
        Object on(String name, Object[] args);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                FakeConfigurations.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> call.on(method.getName(), args)));
    }
}
