using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>An inference response of the Open Inference Protocol v2 (inference_rest.md, "Inference Response JSON Object").</summary>
/// <param name="ModelName">The model that answered.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Id">The identifier of the request, if it had one.</param>
/// <param name="Outputs">The output tensors.</param>
internal sealed record InferResponse(string ModelName, int ModelVersion, string? Id, IReadOnlyList<Tensor> Outputs)
{
    /// <summary>The answer to a request: its identifier again, and of what the model produced the outputs that were asked for, in that order.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The version that answered.</param>
    /// <param name="produced">All outputs of the model.</param>
    /// <param name="response">The response, when the model has every output that was asked for.</param>
    /// <param name="broken">What is wrong otherwise.</param>
    public static bool TryBuild(
        InferRequest request,
        ModelVersion version,
        IReadOnlyList<Tensor> produced,
        [NotNullWhen(true)] out InferResponse? response,
        [NotNullWhen(false)] out BrokenRule? broken
    )
    {
        (response, broken) = (null, null);
        var outputs = produced;
        if (request.Outputs.Count > 0)
        {
            var asked = request
                .Outputs.Select(output => produced.FirstOrDefault(tensor => tensor.Name == output.Name))
                .ToList();
            var unknown = asked.IndexOf(null);
            if (unknown >= 0)
            {
                broken = new(
                    $"outputs[{unknown}].name",
                    $"must be one of {string.Join(", ", produced.Select(tensor => tensor.Name))}"
                );
                return false;
            }

            outputs = asked!;
        }

        response = new(version.Name, version.Version, request.Id, outputs);
        return true;
    }

    /// <summary>Writes the protocol's JSON.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("model_name", ModelName);
        json.WriteString("model_version", $"{ModelVersion}");
        if (Id is not null)
        {
            json.WriteString("id", Id);
        }

        json.WriteStartArray("outputs");
        foreach (var output in Outputs)
        {
            output.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
