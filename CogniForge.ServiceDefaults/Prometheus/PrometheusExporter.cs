using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace CogniForge.ServiceDefaults.Prometheus;

/// <summary>
/// What the service's own meter measures, in Prometheus' text format 0.0.4 (names and suffixes as OpenTelemetry's "Prometheus and OpenMetrics compatibility" maps them). Thread-safe.
/// </summary>
internal sealed partial class PrometheusExporter : IHostedService, IDisposable
{
    /// <summary>Series beyond this number of one instrument are counted together, so that a label's values cannot fill the memory.</summary>
    public const int MaxSeries = 2_000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly ILogger<PrometheusExporter> _logger;

    /// <summary>Listens to the service's meter from now on.</summary>
    public PrometheusExporter(ServiceDescription service, ILogger<PrometheusExporter> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, service.Meter))
            {
                return;
            }

            // Instruments of one name and kind are one family; the format has no place for two kinds under one name.
            var own = new Family(instrument);
            var family = _families.GetOrAdd(own.Name, own);
            if (family.IsLike(own))
            {
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => ((Family)family!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>The current values.</summary>
    public string Write()
    {
        lock (_writing)
        {
            foreach (var family in _families.Values)
            {
                family.ForgetObserved();
            }

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException e)
            {
                // The others have been observed all the same.
                Log.NotObserved(_logger, e);
            }

            var text = new StringBuilder();
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                family.WriteTo(text);
            }

            return text.ToString();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    /// <summary>A number as the format wants it.</summary>
    internal static string Format(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Warning, "An instrument could not be observed")]
        public static partial void NotObserved(ILogger logger, Exception exception);
    }
}
