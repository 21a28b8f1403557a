package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a screen, with its own driver: nothing is downloaded. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    /** @throws IllegalStateException if Chromium or its driver is not installed; tests fail then, they are not skipped */
    Browser() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--no-first-run");
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program("chromedriver"))
                        .usingAnyFreePort()
                        .build(),
                options);
        size(1280, 900);
    }

    private static File program(String name) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            File file = new File(folder, name);
            if (file.canExecute()) {
                return file;
            }
        }
        throw new IllegalStateException("There is no program " + name
                + ". ./test installs it; Debian: apt-get install chromium chromium-driver");
    }

    /** The visible area, in pixels of CSS. */
    Browser size(int width, int height) {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** As the system's setting. */
    Browser dark(boolean dark) {
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    /** As the system's setting; empty: that. */
    Browser timeZone(String zone) {
        devtools("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
        return this;
    }

    private void devtools(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
    }

    /** The value of an expression. */
    @Nullable
    Object value(String expression, Object... arguments) {
        return driver.executeScript("return " + expression, arguments);
    }

    boolean isTrue(String expression) {
        return Boolean.TRUE.equals(value(expression));
    }

    /** The value of an expression as JSON. */
    JsonNode json(String expression) throws IOException {
        return new ObjectMapper().readTree(String.valueOf(value("JSON.stringify(" + expression + ")")));
    }

    /** What statements return, as JSON; they may wait and import. */
    JsonNode computed(String statements) throws IOException {
        return new ObjectMapper()
                .readTree(String.valueOf(
                        value("(async () => { " + statements + " })().then((result) => JSON.stringify(result))")));
    }

    /** The text of the first element; empty if there is none. */
    String text(String selector) {
        return String.valueOf(value("document.querySelector(arguments[0])?.textContent ?? ''", selector));
    }

    void click(String selector) {
        WebElement element = driver.findElement(By.cssSelector(selector));
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }

    /** Presses keys where the focus is. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Drags over an element, from one share of its width to another. */
    void drag(String selector, double from, double to) {
        WebElement element = driver.findElement(By.cssSelector(selector));
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        int width = element.getSize().getWidth();
        new Actions(driver)
                .moveToElement(element, (int) (width * (from - 0.5)), 0)
                .clickAndHold()
                .moveByOffset((int) (width * (to - from)), 0)
                .release()
                .perform();
    }

    void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    what + " did not come; the page at " + driver.getCurrentUrl() + ":\n" + text("body") + "\nconsole: "
                            + console(),
                    e);
        }
    }

    void awaitTrue(String what, String expression) {
        await(what, () -> isTrue(expression));
    }

    /** Errors and warnings of the console since the last call: exceptions, failed requests, violations of the policy. */
    List<String> console() {
        List<String> messages = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                messages.add(entry.getMessage());
            }
        }
        return messages;
    }

    /** Addresses that were requested since the last call. */
    List<String> requests() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = new ObjectMapper().readTree(entry.getMessage()).path("message");
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                addresses.add(message.path("params").path("request").path("url").asText());
            }
        }
        return addresses;
    }

    /** As another tab in front of it does: the page is not seen. */
    void hide(boolean hidden) {
        driver.executeScript(
                "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
                        + " document.dispatchEvent(new Event('visibilitychange'))",
                hidden);
    }

    /** What is visible, as PNG; a text is replaced in cells of tables. */
    byte[] picture(String text, String by) {
        driver.executeScript(
                "for (const cell of document.querySelectorAll('td'))"
                        + " if (cell.textContent.includes(arguments[0]))"
                        + " cell.textContent = cell.textContent.replaceAll(arguments[0], arguments[1])",
                text,
                by);
        byte[] picture = driver.getScreenshotAs(OutputType.BYTES);
        assertThat(picture).isNotEmpty();
        return picture;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
