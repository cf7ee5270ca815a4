using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults.Prometheus;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Prometheus;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly TestMeter _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Write_EveryKindOfInstrument_GivesTheReferenceText()
    {
        var meter = _test.Meter;
        var counter = meter.CreateCounter<long>("llm.requests", "{request}", "Requests, all of them");
        counter.Add(2, new("model", "mock"), new("gen_ai.operation", "chat"));
        counter.Add(3, new("gen_ai.operation", "chat"), new("model", "mock"));
        counter.Add(1);
        var upDown = meter.CreateUpDownCounter<int>("llm.in_flight");
        upDown.Add(5);
        upDown.Add(-2);
        meter.CreateGauge<double>("llm.load", "1").Record(0.25);
        meter.CreateCounter<decimal>("llm.cost", "USD").Add(0.125m);
        var duration = meter.CreateHistogram("llm.request.duration", "s", "How long", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in new[] { 0.25, 0.5, 1.5, 4 })
        {
            duration.Record(value, new KeyValuePair<string, object?>("model", "mock"));
        }

        var sizes = meter.CreateHistogram("llm.request.size", "By", null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 100] });
        sizes.Record(10);
        meter.CreateObservableCounter("llm.seen", () => 7L, "ms");
        meter.CreateObservableUpDownCounter("llm.open", () => new Measurement<long>(-3, new KeyValuePair<string, object?>("pool", "a")));
        meter.CreateObservableGauge("llm.age", () => 1e21);

        Assert.Equal(
            """
            # TYPE llm_age gauge
            llm_age 1E+21
            # TYPE llm_cost_USD_total counter
            llm_cost_USD_total 0.125
            # TYPE llm_in_flight gauge
            llm_in_flight 3
            # TYPE llm_load gauge
            llm_load 0.25
            # TYPE llm_open gauge
            llm_open{pool="a"} -3
            # HELP llm_request_duration_seconds How long
            # TYPE llm_request_duration_seconds histogram
            llm_request_duration_seconds_bucket{model="mock",le="0.5"} 2
            llm_request_duration_seconds_bucket{model="mock",le="1"} 2
            llm_request_duration_seconds_bucket{model="mock",le="2"} 3
            llm_request_duration_seconds_bucket{model="mock",le="+Inf"} 4
            llm_request_duration_seconds_sum{model="mock"} 6.25
            llm_request_duration_seconds_count{model="mock"} 4
            # TYPE llm_request_size_bytes histogram
            llm_request_size_bytes_bucket{le="10"} 1
            llm_request_size_bytes_bucket{le="100"} 1
            llm_request_size_bytes_bucket{le="+Inf"} 1
            llm_request_size_bytes_sum 10
            llm_request_size_bytes_count 1
            # HELP llm_requests_total Requests, all of them
            # TYPE llm_requests_total counter
            llm_requests_total 1
            llm_requests_total{gen_ai_operation="chat",model="mock"} 5
            # TYPE llm_seen_milliseconds_total counter
            llm_seen_milliseconds_total 7

            """, _test.Text());
    }

    [Fact]
    public void Write_ValuesThatNeedEscaping_EscapesThem()
    {
        _test.Meter.CreateCounter<long>("c", null, "back\\slash and\nline feed").Add(1, new KeyValuePair<string, object?>("path", "C:\\a \"b\"\nc"));

        Assert.Equal([@"# HELP c_total back\\slash and\nline feed", "# TYPE c_total counter", """c_total{path="C:\\a \"b\"\nc"} 1"""], _test.Lines());
    }

    [Fact]
    public void Write_TagsOfOtherTypes_AreWrittenAsOpenTelemetryDoes()
    {
        _test.Meter.CreateCounter<long>("c").Add(1, new("b", true), new("d", 0.5), new("n", null), new("i", 3));

        Assert.Equal("""c_total{b="true",d="0.5",i="3",n=""} 1""", _test.Lines()[^1]);
    }

    [Theory]
    [InlineData("a.b-c", null, "a_b_c")]
    [InlineData("duration", "ms", "duration_milliseconds")]
    [InlineData("duration", "us", "duration_microseconds")]
    [InlineData("cpu.seconds", "s", "cpu_seconds")]
    [InlineData("queue", "{message}", "queue")]
    [InlineData("ratio", "1", "ratio")]
    public void Of_NameAndUnit_AreMappedAsOpenTelemetryDoes(string name, string? unit, string expected) => Assert.Equal(expected, PrometheusName.Of(name, unit));

    [Fact]
    public void Write_CounterThatIsCalledTotalAlready_IsNotCalledSoTwice()
    {
        _test.Meter.CreateCounter<long>("requests.total").Add(1);

        Assert.Equal("requests_total 1", _test.Lines()[^1]);
    }

    [Fact]
    public void Write_SpecialNumbers_AreWrittenAsTheFormatSays()
    {
        var gauge = _test.Meter.CreateGauge<double>("g");
        gauge.Record(double.PositiveInfinity, new KeyValuePair<string, object?>("k", "a"));
        gauge.Record(double.NegativeInfinity, new KeyValuePair<string, object?>("k", "b"));
        gauge.Record(double.NaN, new KeyValuePair<string, object?>("k", "c"));

        Assert.Equal(["""g{k="a"} +Inf""", """g{k="b"} -Inf""", """g{k="c"} NaN"""], _test.Lines()[1..]);
    }

    [Fact]
    public void Write_MoreSeriesThanTheMost_CountsTheRestTogether()
    {
        var counter = _test.Meter.CreateCounter<long>("c");
        for (var i = 0; i < PrometheusExporter.MaxSeries + 500; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        }

        Assert.Equal(PrometheusExporter.MaxSeries + 1, _test.Lines().Length - 1);
        Assert.Contains("""c_total{overflow="true"} 500""", _test.Lines());
    }

    [Fact]
    public void Write_TwoInstrumentsOfOneName_AreOneFamily()
    {
        // Each of two journals observes its own; a parser refuses a second TYPE line of the same name.
        _test.Meter.CreateObservableGauge("journal.pending", () => new Measurement<long>(1, new KeyValuePair<string, object?>("journal", "a")), "By");
        _test.Meter.CreateObservableGauge("journal.pending", () => new Measurement<long>(2, new KeyValuePair<string, object?>("journal", "b")), "By");

        Assert.Equal(["# TYPE journal_pending_bytes gauge", """journal_pending_bytes{journal="a"} 1""", """journal_pending_bytes{journal="b"} 2"""], _test.Lines());
    }

    [Fact]
    public void Write_ObservedSeriesThatIsGone_IsGone()
    {
        List<Measurement<long>> now = [new(1, new KeyValuePair<string, object?>("target", "old"))];
        _test.Meter.CreateObservableGauge("targets", () => now);
        Assert.Equal("""targets{target="old"} 1""", _test.Lines()[^1]);

        now = [new(1, new KeyValuePair<string, object?>("target", "new"))];

        Assert.Equal(["# TYPE targets gauge", """targets{target="new"} 1"""], _test.Lines());
    }

    [Fact]
    public void Write_OneInstrumentFailsToObserve_GivesTheOthers()
    {
        _test.Meter.CreateObservableGauge("broken", long () => throw new InvalidOperationException("gone"));
        _test.Meter.CreateObservableGauge("sound", () => 1L);

        Assert.Equal(["# TYPE sound gauge", "sound 1"], _test.Lines());
    }

    [Fact]
    public void Write_MeterOfSomebodyElse_IsNotThere()
    {
        using var other = new Meter(_test.Meter.Name);
        other.CreateCounter<long>("c").Add(1);

        Assert.Empty(_test.Lines());
    }
}
