namespace CogniForge.Serving.Models;

/// <summary>The parts of a version that never change, besides its kind and its definition.</summary>
/// <param name="Task">What the version is for.</param>
/// <param name="Schema">Its tensors.</param>
/// <param name="Endpoint">
/// The address of a remote model at its server, such as <c>http://triton:8000/v2/models/iris</c>.
/// </param>
/// <param name="Price">What it costs.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="Source">MLflow's <c>source</c>: the address of the model's files.</param>
/// <param name="RunId">The id of the MLflow run that trained it.</param>
/// <param name="RunLink">MLflow's <c>run_link</c>.</param>
internal sealed record VersionDetails(
    ModelTask? Task = null,
    ModelSchema? Schema = null,
    Uri? Endpoint = null,
    ModelPrice? Price = null,
    ModelLineage? Lineage = null,
    string? Source = null,
    string? RunId = null,
    string? RunLink = null
);
