using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Sees each inference after it was journaled and before its response is sent.</summary>
internal interface IInferenceObserver
{
    /// <summary>Never blocks and never throws. The tensors must not be used after the call.</summary>
    void Observe(ModelVersion version, InferRequest request, InferResponse response, InferenceRecord record);
}
