package io.tidewatch.collector.filesystem;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as Declarative Services makes them: defaults, with some keys set. */
final class Configs {
    private Configs() {}

    static FilesystemCollector.Config with(Map<String, String> values) {
        return (FilesystemCollector.Config) Proxy.newProxyInstance(
                Configs.class.getClassLoader(),
                new Class<?>[] {FilesystemCollector.Config.class},
                (proxy, method, args) ->
                        values.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
