namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A request for the model repository index.</summary>
/// <param name="Ready">If true return only models ready for inferencing. Default: false.</param>
internal sealed record RepositoryIndexRequest(bool? Ready = null);
