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

    private readonly ConcurrentDictionary<Guid, LoadedModel> _models = new();
    private readonly SemaphoreSlim _slots = new(2);
    private readonly Lock _eviction = new();

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
            var runner = await factory.CreateAsync(source, CancellationToken.None);
            MakeRoom(version, runner.SizeBytes);
            return runner;
        }
        catch (Exception e)
        {
            model.FailedAt = time.GetTimestamp();
            Log.LoadFailed(logger, version.Name, version.Version, e.Message);
            throw e is ModelLoadException ? e : new ModelLoadException(e.Message, e);
        }
    }

    private void MakeRoom(ModelVersion version, long needed)
    {
        var max = options.Value.MaxLoadedBytes;
        if (needed > max)
        {
            throw new ModelLoadException($"It takes {needed} bytes; Inference:MaxLoadedBytes is {max}.");
        }

        lock (_eviction)
        {
            var used = _models.Values.Sum(m => m.SizeBytes);
            foreach (var (id, model) in _models.OrderBy(m => m.Value.LastUsed))
            {
                if (used + needed <= max)
                {
                    return;
                }

                if (id != version.Id && model.SizeBytes > 0 && !model.IsInUse && _models.TryRemove(new(id, model)))
                {
                    used -= model.SizeBytes;
                    model.Unload();
                }
            }
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
