using System.Threading.Channels;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Captures a sample of the inferences served here. Behind, it drops rows and counts them.</summary>
internal sealed partial class PredictionCapture : BackgroundService, IInferenceObserver
{
    private const int Capacity = 2_000;
    private const int BatchSize = 500;
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(2);
    private readonly Channel<Prediction> _rows;
    private readonly IPredictionStore _store;
    private readonly InputLookup _findInputs;
    private readonly MetricsOptions _options;
    private readonly MigrationStatus _migrations;
    private readonly TimeProvider _time;
    private readonly ILogger<PredictionCapture> _logger;

    public PredictionCapture(
        IPredictionStore store,
        InputLookup findInputs,
        IOptions<MetricsOptions> options,
        ServiceDescription service,
        MigrationStatus migrations,
        TimeProvider time,
        ILogger<PredictionCapture> logger
    )
    {
        (_store, _findInputs) = (store, findInputs);
        (_options, _migrations, _time, _logger) = (options.Value, migrations, time, logger);
        var dropped = service.Meter.CreateCounter<long>(
            "cogniforge.predictions.dropped",
            "{row}",
            "Sampled rows that were not captured because the store was behind"
        );
        _rows = Channel.CreateBounded<Prediction>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => dropped.Add(1)
        );
    }

    /// <inheritdoc/>
    public void Observe(ModelVersion version, InferRequest request, InferResponse response, InferenceRecord record)
    {
        if (!IsSampled())
        {
            return;
        }

        var inputs = _findInputs(version);
        foreach (var prediction in CapturedPredictions.Read(version, inputs, request, response, record, _options))
        {
            _rows.Writer.TryWrite(prediction);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _migrations.Applied.WaitAsync(stoppingToken);
            while (await _rows.Reader.WaitToReadAsync(stoppingToken))
            {
                await StoreAsync(TakeBatch(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            using var timeout = new CancellationTokenSource(_stopTimeout);
            while (_migrations.Applied.IsCompletedSuccessfully && TakeBatch() is { Count: > 0 } rest)
            {
                Task storing = _store.AddAsync(rest, timeout.Token);
                await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // The share is a float from 0, included, to 1, excluded.
    private bool IsSampled() => _options.SampleRate > 0 && Random.Shared.NextDouble() < _options.SampleRate;

    private List<Prediction> TakeBatch()
    {
        var batch = new List<Prediction>();
        while (batch.Count < BatchSize && _rows.Reader.TryRead(out var row))
        {
            batch.Add(row);
        }

        return batch;
    }

    private async Task StoreAsync(List<Prediction> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _store.AddAsync(batch, cancellationToken);
                return;
            }
            catch (Exception e) when (TransientFaults.IsOutage(e))
            {
                Log.NotStored(_logger, batch.Count, e.Message);
                await Task.Delay(_retryDelay, _time, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Rejected(_logger, batch.Count, e);
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.PredictionsNotStored,
            LogLevel.Warning,
            "{Count} captured predictions wait for the database: {Reason}"
        )]
        public static partial void NotStored(ILogger logger, int count, string reason);

        [LoggerMessage(EventIds.PredictionsRejected, LogLevel.Error, "{Count} captured predictions were rejected")]
        public static partial void Rejected(ILogger logger, int count, Exception exception);
    }
}
