using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Shadows;

/// <summary>
/// Copies requests to shadows after their response is known. A full queue drops and counts them; no request waits.
/// </summary>
internal sealed partial class ShadowMirror : BackgroundService
{
    private const int MaxError = 500;

    private readonly ShadowTable _shadows;
    private readonly ModelCatalog _catalog;
    private readonly ModelRepository _models;
    private readonly Journal<ShadowComparison> _journal;
    private readonly ShadowOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ShadowMirror> _logger;
    private readonly Channel<MirroredRequest> _queue;
    private readonly ConcurrentDictionary<Guid, long> _dropped = new();
    private readonly Counter<long> _drops;
    private long _queuedBytes;

    public ShadowMirror(
        ShadowTable shadows,
        ModelCatalog catalog,
        ModelRepository models,
        Journal<ShadowComparison> journal,
        IOptions<ShadowOptions> options,
        ServiceDescription service,
        TimeProvider time,
        ILogger<ShadowMirror> logger
    )
    {
        (_shadows, _catalog, _models, _journal) = (shadows, catalog, models, journal);
        (_options, _time, _logger) = (options.Value, time, logger);
        _queue = Channel.CreateBounded<MirroredRequest>(_options.MaxQueued);
        _drops = service.Meter.CreateCounter<long>(
            "cogniforge.shadow.dropped",
            "{request}",
            "Requests that were not mirrored because the shadow was behind"
        );
    }

    /// <summary>Copies a sample of the requests to the model's shadows. Never waits, never throws.</summary>
    /// <param name="primary">The version that computed the response.</param>
    /// <param name="request">The request, whose memory is still held.</param>
    /// <param name="outputs">The outputs of the response.</param>
    /// <param name="duration">The primary's duration.</param>
    public void Mirror(ModelVersion primary, InferRequest request, IReadOnlyList<Tensor> outputs, TimeSpan duration)
    {
        foreach (var shadow in _shadows.Find(primary.Name))
        {
            if (shadow.Version != primary.Version && Random.Shared.NextDouble() < shadow.SampleRate)
            {
                Enqueue(shadow, primary, request, outputs, duration);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.MaxConcurrency).Select(_ => RunAsync(stoppingToken)));

    private void Enqueue(
        Shadow shadow,
        ModelVersion primary,
        InferRequest request,
        IReadOnlyList<Tensor> outputs,
        TimeSpan duration
    )
    {
        var bytes = request.Inputs.Sum(t => t.RawBytes) + outputs.Sum(t => t.RawBytes);
        var isQueued = false;
        if (Interlocked.Add(ref _queuedBytes, bytes) <= _options.MaxQueuedBytes)
        {
            var copy = request with { Inputs = [.. request.Inputs.Select(t => t.Copy())], Texts = null };
            isQueued = _queue.Writer.TryWrite(
                new(shadow, primary.Version, copy, [.. outputs.Select(t => t.Copy())], duration, bytes)
            );
        }

        if (!isQueued)
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            Drop(shadow);
        }
    }

    private void Drop(Shadow shadow)
    {
        _dropped.AddOrUpdate(shadow.Id, 1, (_, count) => count + 1);
        _drops.Add(1, new KeyValuePair<string, object?>("cogniforge.model.name", shadow.Model));
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var mirrored in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                _journal.Append(await CompareAsync(mirrored, stoppingToken));
            }
            catch (JournalFullException)
            {
                Drop(mirrored.Shadow);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(_logger, mirrored.Shadow.Model, mirrored.Shadow.Version, e);
            }
            finally
            {
                Interlocked.Add(ref _queuedBytes, -mirrored.Bytes);
            }
        }
    }

    private async Task<ShadowComparison> CompareAsync(MirroredRequest mirrored, CancellationToken stoppingToken)
    {
        var shadow = mirrored.Shadow;
        IReadOnlyList<OutputComparison> outputs = [];
        TimeSpan? duration = null;
        string? error = null;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
        try
        {
            if (await _catalog.FindAsync(shadow.Model, shadow.Version, ended.Token) is not { } version)
            {
                error = "The version does not exist.";
            }
            else
            {
                using var lease = await _models.AcquireAsync(version, ended.Token);
                var started = _time.GetTimestamp();
                if (InputValidator.Validate(mirrored.Request.Inputs, lease.Runner.Inputs) is { } invalid)
                {
                    error = $"{invalid.Path} {invalid.Rule}";
                }
                else
                {
                    var produced = await lease.Runner.InferAsync(mirrored.Request, ended.Token);
                    duration = _time.GetElapsedTime(started);
                    outputs = OutputComparer.Compare(mirrored.Outputs, produced);
                }
            }
        }
        catch (InferenceFailedException e)
        {
            error = e.Message;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            error = $"It took more than {_options.TimeoutSeconds} s.";
        }

        _dropped.TryRemove(shadow.Id, out var dropped);
        var now = _time.GetUtcNow();
        return new(
            OrderedId.Create(now),
            shadow.Model,
            shadow.Version,
            mirrored.PrimaryVersion,
            now,
            mirrored.PrimaryDuration.TotalMilliseconds,
            duration?.TotalMilliseconds,
            Clean(error),
            dropped,
            outputs
        );
    }

    // Postgres stores no U+0000.
    private static string? Clean(string? error) =>
        error?[..Math.Min(error.Length, MaxError)].Replace('\0', ' ');

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ShadowFailed,
            LogLevel.Warning,
            "A request could not be mirrored to version {Version} of model {Model}"
        )]
        public static partial void Failed(ILogger logger, string model, int version, Exception exception);
    }
}
