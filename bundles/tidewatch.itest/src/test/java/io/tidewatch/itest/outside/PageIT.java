package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page of a device in a browser: an agent with an hour of history, a server, and what breaks. */
@Order(2)
class PageIT {
    private static final String DEVICE = "encoder-7";
    private static final String HOSTILE = "<img src=x onerror=window.hacked=1>";
    private static final List<String> VIEWS = List.of("overview", "network", "programs", "collectors", "series");
    private static final Path PICTURES = Path.of("../../docs/pictures");
    private static final int LARGEST_PICTURE = 200_000;
    private static final Offset<Double> EXACT = Offset.offset(1e-6);
    private static final String LOADED = "document.getElementById('main')?.getAttribute('aria-busy') === 'false'";

    private static VictoriaMetrics server;
    private static PageHistory history;
    private static AgentProcess agent;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Path folder = AgentProcess.workFolder("page");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"))
                .configure(
                        "tidewatch.collector.textfile-modem",
                        Map.of(
                                "folder",
                                Files.createDirectories(folder.resolve("prom"))
                                        .toAbsolutePath()
                                        .toString(),
                                "interval",
                                "2s"));
        // Software of an encoder, for which a profile is proposed.
        Files.createDirectories(folder.resolve("root/opt/belaUI"));
        agent.javaOption("-Dtidewatch.root=" + folder.resolve("root"));
        Files.writeString(
                folder.resolve("prom/modem.prom"),
                """
                # HELP modem_signal_dbm Signal of the modem
                # TYPE modem_signal_dbm gauge
                modem_signal_dbm{operator="%s"} -87
                """
                        .formatted(HOSTILE));
        for (String collector : new String[] {"cpu", "memory", "network"}) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", "2s"));
        }
        history = PageHistory.write(agent.database(), DEVICE);
        agent.start();
        agent.awaitStatus("ok");
        agent.await("the proposal", () -> agent.component("profile").has("message"));
        agent.await("the modem's metric", () -> agent.get("/metrics").body().contains("modem_signal_dbm{"));
        browser = new Browser();
    }

    @AfterAll
    static void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
        agent.close();
        server.close();
    }

    @BeforeEach
    void desktop() throws IOException {
        browser.size(1280, 900).dark(false);
        browser.console();
        browser.requests();
    }

    private static String origin() {
        return "http://127.0.0.1:" + agent.port();
    }

    /** Opens a view and waits until it shows the samples of a range. */
    private static void open(String view, String range) {
        browser.open(origin() + "/#view=" + view + "&" + range);
        browser.awaitTrue("view " + view, LOADED);
    }

    private static String ofHistory() {
        return "from=" + history.begin.getEpochSecond() + "&to=" + history.end.getEpochSecond();
    }

    @Test
    void noViewHasErrorsOrAsksAnotherHost() throws Exception {
        for (String view : VIEWS) {
            open(view, "range=3600");
            assertThat(browser.text("#sentence"))
                    .isEqualTo(shown("/health") + " belaUI is on this machine: 'sudo tidewatch profile belabox --apply'"
                            + " reports its modems and collects more often.");
        }
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests())
                .hasSizeGreaterThan(20)
                .allMatch(address -> address.startsWith(origin() + "/")
                        || address.startsWith("data:")
                        || address.equals("about:blank"));
    }

    @Test
    void itIsSmall() throws Exception {
        open("overview", "range=900");
        assertThat(browser.json("performance.getEntries().filter(e => /\\/page\\//.test(e.name))"
                                + ".reduce((sum, e) => sum + (e.decodedBodySize ?? 0), 0)")
                        .asLong())
                .as("bytes of all files")
                .isBetween(100_000L, 150_000L);
    }

    private static String shown(String path) throws IOException {
        String message = agent.get(path).json().path("message").asText();
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }

    @Test
    void aGaugeIsDrawnAsTheDatabaseHasIt() throws Exception {
        open("overview", ofHistory());
        NavigableMap<Long, Double> samples = samples("cpu.usage_percent", "core", "all");
        long step = step("cpu");
        NavigableMap<Long, Double> drawn = drawn("cpu", 0);
        assertThat(drawn).hasSizeBetween(250, 360);
        drawn.forEach((time, value) -> assertThat(value)
                .as("at %s", time)
                .isCloseTo(
                        samples.subMap(time - step, false, time, true).values().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow(),
                        EXACT));
        assertThat(browser.json("document.querySelector('[data-panel=cpu]').plot.columns[1].filter(v => v === null)"))
                .as("the gap")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wwan0", "wwan1"})
    void aCounterIsDrawnAsItsRateWithoutItsReset(String modem) throws Exception {
        open("network", ofHistory());
        NavigableMap<Long, Double> samples = samples("network.tx_bytes_total", "interface", modem);
        String panel = "interface-" + modem;
        long step = step(panel);
        NavigableMap<Long, Double> drawn = drawn(panel, 0);
        assertThat(drawn).hasSizeBetween(250, 360);
        drawn.forEach((time, value) -> {
            double rise = samples.floorEntry(time).getValue()
                    - samples.floorEntry(time - step).getValue();
            assertThat(value)
                    .as("at %s", time)
                    .isNotNegative()
                    .isCloseTo(rise * 1000 / step, Percentage.withPercentage(0.001));
        });
    }

    /** Milliseconds from point to point. */
    private static long step(String panel) throws IOException {
        return 1000
                * browser.json("document.querySelector('[data-panel=" + panel + "]').plot.data.step")
                        .asLong();
    }

    private static NavigableMap<Long, Double> samples(String metric, String tag, String wish) throws Exception {
        NavigableMap<Long, Double> samples = new TreeMap<>();
        new Database(agent.database()).eachSample(metric, tag, (time, of, value) -> {
            if (wish.equals(of)) {
                samples.put(time, value);
            }
        });
        return samples;
    }

    /** Milliseconds and values of a line, without its gaps. */
    private static NavigableMap<Long, Double> drawn(String panel, int line) throws IOException {
        JsonNode columns = browser.json("document.querySelector('[data-panel=" + panel + "]').plot.columns");
        NavigableMap<Long, Double> drawn = new TreeMap<>();
        for (int i = 0; i < columns.get(0).size(); i++) {
            if (columns.get(line + 1).get(i).isNumber()) {
                drawn.put(
                        Math.round(columns.get(0).get(i).asDouble() * 1000),
                        columns.get(line + 1).get(i).asDouble());
            }
        }
        return drawn;
    }

    @Test
    void eventsAreListedAsText() throws Exception {
        open("overview", ofHistory());
        assertThat(browser.text("#events-summary"))
                .isEqualTo("1 restart of the agent, 1 clock step, 1 time without uploads");
        browser.click("#events summary");
        assertThat(browser.text("#events-list"))
                .contains("The agent restarted in this time.", "The clock was set in this time.", "timeout");
        assertThat(browser.text("#marks")).contains("agent restarted", "clock step", "no uploads");
    }

    @Test
    void aSeriesIsFoundAndDrawnAndItsLabelStaysText() throws Exception {
        open("series", "range=900");
        browser.click("#filter");
        browser.press("signal modem");
        browser.awaitTrue("one found", "document.querySelectorAll('table.series tbody tr').length === 1");
        browser.click("table.series tbody input");
        browser.awaitTrue("the plot", "document.querySelector('[data-panel^=chosen]')?.plot.lines.length === 1");
        assertThat(browser.text("table.series tbody")).contains("modem_signal_dbm", HOSTILE, "Signal of the modem");
        assertThat(browser.text("[data-panel^=chosen] .legend")).contains(HOSTILE);
        for (String view : List.of("overview", "programs")) {
            open(view, "range=900");
            browser.click("[data-panel=name-modem_signal_dbm] details summary");
            browser.await("the values", () -> browser.text("[data-panel=name-modem_signal_dbm] details")
                    .contains(HOSTILE));
        }
        assertThat(browser.isTrue("document.images.length === 0 && window.hacked === undefined"))
                .isTrue();
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void rangesAreChosenByButtonsAndByDragging() throws Exception {
        open("overview", "range=900");
        browser.click("[data-range='172800']");
        browser.await("48 hours", () -> range()[1] - range()[0] == 172_800);
        browser.click("[data-range='3600']");
        browser.await("an hour", () -> range()[1] - range()[0] == 3600);
        browser.drag("[data-panel=cpu] .u-over", 0.2, 0.6);
        browser.await("a part", () -> Math.abs(range()[1] - range()[0] - 1440) < 60);
        browser.click("#back");
        browser.await("an hour again", () -> range()[1] - range()[0] == 3600);
        browser.click("#custom summary");
        assertThat(browser.isTrue("document.getElementById('from').value.length >= 16"))
                .isTrue();
    }

    private static double[] range() throws IOException {
        JsonNode bounds = browser.json("document.querySelector('[data-panel=cpu]').plot.bounds");
        return new double[] {bounds.get(0).asDouble(), bounds.get(1).asDouble()};
    }

    @Test
    void theKeyboardSuffices() throws Exception {
        open("overview", "range=3600");
        browser.press(Keys.TAB);
        assertThat(browser.value("document.activeElement.id")).isEqualTo("skip");
        browser.press(Keys.ENTER);
        assertThat(browser.value("document.activeElement.id")).isEqualTo("main");
        browser.press("-");
        browser.await("two hours", () -> range()[1] - range()[0] == 7200);
        browser.press(Keys.ARROW_LEFT);
        browser.awaitTrue("earlier", "location.hash.includes('from=')");
        browser.press("b");
        browser.awaitTrue("back", "location.hash.includes('range=7200')");
        browser.press("1");
        browser.await("a quarter of an hour", () -> range()[1] - range()[0] == 900);
        browser.press("/");
        browser.awaitTrue("the search", "document.activeElement?.id === 'filter'");
        browser.press("cpu_usage core=all");
        browser.awaitTrue("one found", "document.querySelectorAll('table.series tbody tr').length === 1");
        browser.press(Keys.TAB, Keys.TAB);
        browser.press(Keys.SPACE);
        browser.awaitTrue("its plot", "document.querySelector('[data-panel^=chosen]')?.plot.lines.length === 1");
        assertThat(browser.isTrue("[...document.querySelectorAll('button, a, input')].every(e =>"
                        + " (e.textContent || e.getAttribute('aria-label') || e.labels?.length))"))
                .as("every control has a name")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"360, 800", "1280, 900"})
    void noViewIsWiderThanTheScreen(int width, int height) {
        browser.size(width, height);
        for (String view : VIEWS) {
            open(view, ofHistory());
            assertThat(browser.isTrue("document.documentElement.scrollWidth <= innerWidth"))
                    .as("view %s at %d", view, width)
                    .isTrue();
        }
    }

    @Test
    void theThemeIsRemembered() {
        open("overview", "range=900");
        browser.click("#theme");
        assertThat(browser.text("#theme")).isEqualTo("Theme: dark");
        open("network", "range=900");
        assertThat(browser.text("#theme")).isEqualTo("Theme: dark");
        assertThat(browser.isTrue("document.documentElement.hasAttribute('data-dark')"))
                .isTrue();
        browser.click("#theme");
        browser.click("#theme");
        assertThat(browser.text("#theme")).isEqualTo("Theme: automatic");
    }

    @Test
    void itGoesOnWithoutServerAndAfterTheAgentWasKilled() throws Exception {
        open("overview", "range=900");
        server.kill();
        browser.await("the reason", () -> browser.text("#sentence").startsWith("Uploader: "));
        awaitNewPoints();
        agent.kill();
        browser.await("the sentence", () -> browser.text("#sentence").startsWith("The agent does not answer since "));
        assertThat(browser.text("#announce")).contains("The agent does not answer since ");
        agent.start();
        browser.await("another answer", () -> browser.text("#sentence").startsWith("Uploader: "));
        awaitNewPoints();
        server.restart();
        browser.await("uploads", () -> browser.text("#status").equals("ok"));
        awaitNewPoints();
    }

    private static void awaitNewPoints() throws IOException {
        long newest = drawn("cpu", 0).lastKey();
        browser.await("newer points", () -> drawn("cpu", 0).lastKey() > newest + 2000);
    }

    @Test
    void itAsksNothingWhileItIsNotSeen() throws Exception {
        open("overview", "range=900");
        awaitNewPoints();
        browser.hide(true);
        awaitPass();
        browser.requests();
        for (int pass = 0; pass < 3; pass++) {
            awaitPass();
        }
        assertThat(browser.requests()).isEmpty();
        browser.hide(false);
        awaitNewPoints();
    }

    private static void awaitPass() {
        String before = lastPass();
        agent.await("a pass", () -> !lastPass().equals(before));
    }

    private static String lastPass() {
        return agent.component("collector.cpu")
                .path("details")
                .path("last_success")
                .asText();
    }

    @Test
    void theOverlayShowsNumbersAndNoneOfAnAgentThatIsGone() throws Exception {
        browser.open(origin() + "/overlay?show=uplink,cpu&series=modem_signal_dbm&size=64&color=ff0&interval=1");
        browser.await("numbers", () -> browser.text("#numbers").matches("uplinkokCPU[0-9.]+ %modem_signal_dbm-87 dBm"));
        assertThat(browser.value("getComputedStyle(document.body).color")).isEqualTo("rgb(255, 255, 0)");
        assertThat(browser.value("getComputedStyle(document.body).fontSize")).isEqualTo("64px");
        assertThat(browser.value("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgba(0, 0, 0, 0)");
        assertThat(browser.console()).isEmpty();
        agent.kill();
        browser.await("no numbers", () -> browser.text("#numbers").equals("uplink–CPU–modem_signal_dbm–"));
        agent.start();
        browser.await("numbers", () -> browser.text("#numbers").matches("uplink.+CPU[0-9.]+ %modem_signal_dbm-87 dBm"));
        agent.awaitStatus("ok");
    }

    /** A document of the same origin, without scripts of its own. */
    private static void openNothing() {
        browser.open(origin() + "/health/live");
    }

    /** Of a page that stays open: no query, the newest samples alone. */
    @ParameterizedTest
    @CsvSource({"10, 300", "60, 50", "600, 5"})
    void aCounterIsContinuedAtEveryStep(int step, int points) throws Exception {
        openNothing();
        JsonNode rates = browser.computed(
                """
                const { Catalog, ViewData } = await import('/page/data.js');
                const { Range } = await import('/page/range.js');
                const metric = { __name__: 'n_total', device_id: 'd' };
                const begin = Math.floor(Date.now() / 1000);
                const catalog = new Catalog();
                const newest = (time) => catalog.take({ time, samples: [
                  { metric, kind: 'counter', unit: '', interval: 10, time, value: 7 * (time - begin) }] });
                newest(begin);
                const data = new ViewData(catalog, [{ name: 'n_total' }], new Range(21600));
                data.step = %d;
                data.add({ metric, values: [[begin, '0']] }, begin);
                for (let time = begin + 10; time <= begin + 3000; time += 10) {
                  newest(time);
                  data.append();
                }
                return data.named('n_total')[0].points.map(([, rate]) => rate);
                """
                        .formatted(step));
        assertThat(rates).hasSize(points).allMatch(rate -> rate.asDouble() == 7);
    }

    @Test
    void noQueryIsTooLargeOrBefore1970() throws Exception {
        openNothing();
        assertThat(
                        browser.computed(
                                """
                        const { Range, stepOf } = await import('/page/range.js');
                        const values = (seconds, count) => count * (Math.floor(seconds / stepOf(new Range(seconds), 10, count)) + 1);
                        return [3600, 172800, 34560000].flatMap((seconds) => [1, 277, 278, 1000].map((count) => values(seconds, count)));
                        """))
                .hasSize(12)
                .allMatch(values -> values.asDouble() <= 100_000);
        assertThat(browser.computed("return new (await import('/page/range.js')).Range(3600).bounds(100)"))
                .hasToString("[0,100]");
    }

    /** The 25th of October has 25 hours. */
    @Test
    void todayEndsAtMidnightAndHasEverySeriesOfTheDay() throws Exception {
        openNothing();
        browser.timeZone("Europe/Berlin");
        try {
            assertThat(
                            browser.computed(
                                    """
                            const { Today } = await import('/page/facts.js');
                            const midnight = Date.parse('2026-10-25T00:00:00+02:00') / 1000;
                            let hours = 1;
                            const today = new Today({ present: () => midnight + hours * 3600, find: () => [] });
                            const result = [{ metric: {}, values: [[1, '5'], [2, '9']] }, { metric: {}, values: [[3, '1'], [4, '4']] }];
                            window.fetch = async () => new Response(JSON.stringify({ status: 'success', data: { result } }));
                            await today.load();
                            return [today.sum, ...[-0.5, 0, 24.5, 25].map((at) => { hours = at; return today.isStale(); })];
                            """))
                    .hasToString("[7,true,false,false,true]");
        } finally {
            browser.timeZone("");
        }
    }

    @Test
    void anInterfaceThatIsGoneHasNoRateAndEverySumHasAllOfItsSeries() throws Exception {
        openNothing();
        assertThat(
                        browser.computed(
                                """
                        const { interfaceTable } = await import('/page/facts.js');
                        const entry = (begin, rate) => ({ series: { metric: { interface: 'wwan0' } },
                          points: [[begin + 10, rate]], samples: [[begin, 0], [begin + 10, 10 * rate]] });
                        const entries = [entry(70, 5), entry(20, 3)];
                        const row = (end) => [...interfaceTable({ present: () => end }, {
                          named: () => entries,
                          matching: ({ name }) => (name === 'network_tx_bytes_total' ? entries : []),
                          gap: () => 25,
                          range: { bounds: (now) => [0, now] },
                        }).querySelectorAll('tbody td')].map((cell) => cell.textContent);
                        return [row(100), row(110)].map(([rate, , sum]) => `${rate}, ${sum}`);
                        """))
                .hasToString("[\"5 B/s, 80 B\",\"–, 80 B\"]");
    }

    @Test
    void theAgeOfTheLastUploadIsThatOfTheAgentWhenTheClockWasSet() throws Exception {
        openNothing();
        JsonNode facts = browser.computed(
                """
                const { uplinkFacts } = await import('/page/facts.js');
                const present = () => 1800000000;
                const details = { last_upload_time: '2026-11-30T00:00:00Z', time_since_upload_seconds: 4 };
                const health = { components: { uploader: { status: 'ok', message: '', details } } };
                return uplinkFacts({ present, find: () => [] }, health, { named: () => [] }, { sum: null }).textContent;
                """);
        assertThat(facts.asText()).contains(", 4 s agoPending");
    }

    @Test
    void aPlaceThatWasLeftIsNotAskedFor() throws Exception {
        openNothing();
        assertThat(browser.computed(
                                """
                        const api = await import('/page/api.js');
                        let asked = 0;
                        window.fetch = async () => { asked++; return new Response('{"data": {}}'); };
                        const places = [1, 2, 3, 4, 5].map(() => new AbortController());
                        const answers = places.map(({ signal }) => api.now(false, signal).catch(() => null));
                        places.slice(0, 4).forEach((place) => place.abort());
                        await Promise.all(answers);
                        return asked;
                        """)
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void healthIsShownWhenThereAreNoSamples() throws Exception {
        open("overview", "range=900");
        browser.value(
                """
                (window.fetch = ((real) => async (path, options) => {
                  window.back = real;
                  return String(path).startsWith('/health')
                    ? new Response('{"status": "error", "components": {"storage": {"status": "error", "message": "it is gone"}}}')
                    : new Response('{"status": "error", "error": "no store is running"}', { status: 503 });
                })(window.fetch)) && true""");
        browser.await("the reason", () -> browser.text("#sentence").equals("Storage: it is gone."));
        assertThat(browser.text("#status")).isEqualTo("error");
        browser.await("the notice", () -> browser.text("#notice").contains("no store is running"));
        browser.value("(window.fetch = window.back) && true");
        browser.await("ok", () -> browser.text("#status").equals("ok"));
        browser.awaitTrue("no notice", "document.getElementById('notice').hidden");
        awaitNewPoints();
    }

    @Test
    void itAsksAgainWhenTheClockWasSetBack() throws Exception {
        open("network", "range=900");
        String queries =
                "performance.getEntriesByType('resource').filter((e) => e.name.includes('query_range')).length";
        int before = browser.json(queries).asInt();
        browser.value(
                """
                (window.fetch = ((real) => async (path, options) => {
                  const answer = await real(path, options);
                  if (!String(path).startsWith('/api/v1/now')) {
                    return answer;
                  }
                  const body = await answer.json();
                  body.data.time -= 1800;
                  body.data.samples.forEach((sample) => { sample.time -= 1800; });
                  return new Response(JSON.stringify(body));
                })(window.fetch)) && true""");
        browser.await("a query", () -> browser.json(queries).asInt() > before);
    }

    @Test
    void theOverlayShowsARateOfSamplesThatComeFasterThanItAsks() {
        browser.open(origin() + "/overlay?interval=6&series=memory_oom_kills_total");
        browser.await("a rate", () -> browser.text("#numbers").endsWith(" /s"));
    }

    @Test
    void thePicturesOfTheDocumentationAreThere() throws Exception {
        boolean rewrite = "rewrite".equals(System.getProperty("tidewatch.docs"));
        for (String view : VIEWS) {
            Path picture = PICTURES.resolve("page-" + view + ".png");
            if (rewrite) {
                open(view, ofHistory() + (view.equals("series") ? "&series=srtla_link_rtt_ms" + links() : ""));
                write(picture);
            }
            assertThat(Files.size(picture))
                    .as(picture + "; -Dtidewatch.docs=rewrite makes it")
                    .isLessThan(LARGEST_PICTURE);
        }
        Path narrow = PICTURES.resolve("page-narrow.png");
        if (rewrite) {
            browser.size(360, 1100).dark(true);
            open("overview", ofHistory());
            write(narrow);
        }
        assertThat(Files.size(narrow)).isLessThan(LARGEST_PICTURE);
    }

    private static String links() {
        return Stream.of("wwan0", "wwan1")
                .map(link -> "{device_id=\"" + DEVICE + "\",link=\"" + link + "\"}")
                .map(labels -> URLEncoder.encode(labels, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&series=srtla_link_rtt_ms"));
    }

    private static void write(Path picture) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(picture, browser.picture(agent.folder("").toString(), "/var/lib/tidewatch"));
    }
}
