using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Loading;

/// <summary>The use of a loaded version; dispose it to let the version be unloaded.</summary>
internal readonly struct RunnerLease(LoadedModel model, IModelRunner runner) : IDisposable
{
    public IModelRunner Runner => runner;

    public void Dispose() => model.Exit();
}
