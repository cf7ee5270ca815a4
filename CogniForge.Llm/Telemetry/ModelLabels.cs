using System.Collections.Concurrent;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Telemetry;

/// <summary>Bounds the number of models in metrics, because clients can make up model names. Thread-safe.</summary>
internal sealed class ModelLabels
{
    private const int MaxModels = 200;
    private const string Other = "_OTHER";

    private readonly ConcurrentDictionary<string, bool> _models = new(StringComparer.Ordinal);

    /// <summary>Gets the model's label: its name, or the shared one.</summary>
    public string Get(RequestLogEntry entry)
    {
        var model = entry.Model;
        if (_models.ContainsKey(model))
        {
            return model;
        }

        // A name unknown to its provider gets no time series of its own.
        return
            entry.Error != ErrorCategory.InvalidRequest.Name()
            && entry.Error != ErrorCategory.ModelNotFound.Name()
            && _models.Count < MaxModels
            && _models.GetOrAdd(model, true)
            ? model
            : Other;
    }
}
