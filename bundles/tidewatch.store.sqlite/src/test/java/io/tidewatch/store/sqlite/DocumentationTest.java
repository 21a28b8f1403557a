package io.tidewatch.store.sqlite;

import io.tidewatch.testing.config.DocumentedConfiguration;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return StoreConfig.class;
    }

    @Override
    public String pid() {
        return "tidewatch.store.sqlite";
    }
}
