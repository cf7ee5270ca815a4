using System.Collections.Concurrent;
using CogniForge.Serving.Models;
using CogniForge.Serving.Runners;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Loading;

/// <summary>
/// The versions that this replica has loaded. A version loads when it is ready or with its first request, and the least
/// recently used are unloaded when all together take more than <see cref="InferenceOptions.MaxLoadedBytes"/>.
/// </summary>
internal sealed partial class ModelRepository(
    RunnerFactory factory,
    ModelSources sources,
    IOptions<InferenceOptions> options,
    TimeProvider time,
    ILogger<ModelRepository> logger
) : IVersionLoader, IDisposable
{
    // A failed load is repeated when the version changed, and after a time: the artefact store may have been away.
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(30);

    // Most inferences end within it.
    private static readonly TimeSpan _maxWaitForMemory = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _checkMemoryEvery = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<Guid, LoadedModel> _models = new();
    private readonly SemaphoreSlim _slots = new(2);
    private readonly Lock _reservation = new();

    /// <summary>Waits until a version is loaded, and begins a use of it.</summary>
    /// <exception cref="InferenceFailedException">The version cannot be loaded: 503 with the reason.</exception>
    public async ValueTask<RunnerLease> AcquireAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var model = GetOrAdd(version);
            if (!model.TryEnter(time.GetTimestamp()))
            {
                continue; // unloaded in the meantime
            }

            try
            {
                return new(model, await model.Runner.WaitAsync(cancellationToken));
            }
            catch (ModelLoadException e)
            {
                model.Exit();
                throw new InferenceFailedException(
                    StatusCodes.Status503ServiceUnavailable,
                    $"Version {version.Version} of model '{version.Name}' cannot be loaded: {e.Message}",
                    e
                );
            }
            catch
            {
                model.Exit();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<string?> PreloadAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        var loading = GetOrAdd(version).Runner;
        await ((Task)loading).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return loading.Exception?.InnerException!.Message;
    }

    /// <summary>Whether a version of this size can be loaded without unloading another.</summary>
    public bool HasRoomFor(long bytes) =>
        _models.Values.Sum(m => m.SizeBytes) + bytes <= options.Value.MaxLoadedBytes;

    /// <summary>Starts to load a version, if it is not loaded.</summary>
    /// <returns>Its state now, and the reason if it failed.</returns>
    public (ModelState State, string Reason) Load(ModelVersion version) => Describe(GetOrAdd(version));

    /// <summary>The state of a version, and the reason if it failed.</summary>
    public (ModelState State, string Reason) GetState(ModelVersion version) =>
        _models.TryGetValue(version.Id, out var model) ? Describe(model) : (ModelState.Unloaded, "");

    /// <summary>The runner of a version for its metadata; null if it is not loaded.</summary>
    public IModelRunner? FindRunner(ModelVersion version) => _models.GetValueOrDefault(version.Id)?.ReadyRunner;

    /// <summary>Frees the memory of a version; requests in flight end first.</summary>
    public void Unload(ModelVersion version)
    {
        if (_models.TryRemove(version.Id, out var model))
        {
            model.Unload();
        }
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Unload();
        }

        _slots.Dispose();
    }

    private LoadedModel GetOrAdd(ModelVersion version)
    {
        if (
            _models.TryGetValue(version.Id, out var known)
            && known.FailedAt is { } failed
            && (known.Revision != version.Revision || time.GetElapsedTime(failed) > _retryAfter)
        )
        {
            _models.TryRemove(new(version.Id, known));
        }

        LoadedModel? added = null;
        return _models.GetOrAdd(
            version.Id,
            _ => added = new LoadedModel(() => LoadAsync(version, added!), version.Revision, time.GetTimestamp())
        );
    }

    private async Task<IModelRunner> LoadAsync(ModelVersion version, LoadedModel model)
    {
        var source = sources.Create(version);
        if (source.OpenArtifactAsync is null)
        {
            return await CreateAsync(version, source, model); // small, so in the request
        }

        await Task.Yield();
        await _slots.WaitAsync();
        try
        {
            return await CreateAsync(version, source, model);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<IModelRunner> CreateAsync(ModelVersion version, ModelSource source, LoadedModel model)
    {
        try
        {
            return await ReserveAsync(model, await factory.CreateAsync(source, CancellationToken.None));
        }
        catch (Exception e)
        {
            model.FailedAt = time.GetTimestamp();
            Log.LoadFailed(logger, version.Name, version.Version, e.Message);
            throw e is ModelLoadException ? e : new ModelLoadException(e.Message, e);
        }
    }

    private async Task<IModelRunner> ReserveAsync(LoadedModel model, IModelRunner runner)
    {
        try
        {
            var max = options.Value.MaxLoadedBytes;
            if (runner.SizeBytes > max)
            {
                throw new ModelLoadException(
                    $"It takes {runner.SizeBytes} bytes; Inference:MaxLoadedBytes is {max}."
                );
            }

            var started = time.GetTimestamp();
            while (!TryReserve(model, runner.SizeBytes))
            {
                if (time.GetElapsedTime(started) > _maxWaitForMemory)
                {
                    throw new ModelLoadException($"It takes {runner.SizeBytes} bytes, and requests use the others.");
                }

                await Task.Delay(_checkMemoryEvery, time);
            }

            return runner;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    // Counts the memory at once: of two loads that end together, each would find the other's room free.
    private bool TryReserve(LoadedModel model, long bytes)
    {
        lock (_reservation)
        {
            foreach (var (id, idle) in _models.Where(m => m.Value.SizeBytes > 0).OrderBy(m => m.Value.LastUsed))
            {
                if (HasRoomFor(bytes))
                {
                    break;
                }

                if (!idle.IsInUse && _models.TryRemove(new(id, idle)))
                {
                    idle.Unload();
                }
            }

            var fits = HasRoomFor(bytes);
            model.SizeBytes = fits ? bytes : 0;
            return fits;
        }
    }

    private static (ModelState State, string Reason) Describe(LoadedModel model) =>
        model.Runner switch
        {
            { IsCompletedSuccessfully: true } => (ModelState.Ready, ""),
            { IsFaulted: true } failed => (ModelState.Failed, failed.Exception.InnerException!.Message),
            _ => (ModelState.Loading, ""),
        };

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ModelLoadFailed,
            LogLevel.Warning,
            "Version {Version} of model {Model} cannot be loaded: {Reason}"
        )]
        public static partial void LoadFailed(ILogger logger, string model, int version, string reason);
    }
}
