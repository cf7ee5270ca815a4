using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>
/// Serves a <see cref="LogisticModel"/> by the Open Inference Protocol: one tensor of rows in, a probability and a
/// label per row out.
/// </summary>
internal static class LogisticInference
{
    /// <summary>The platform in the model metadata, in the protocol's form "project_format".</summary>
    public const string Platform = "cogniforge_logistic";

    /// <summary>The input tensor: numeric, shape [rows, inputs].</summary>
    public const string Features = "features";

    /// <summary>The output tensor with the probability of the second class: FP64, shape [rows].</summary>
    public const string Probability = "probability";

    /// <summary>The output tensor with the name of the likelier class: BYTES, shape [rows].</summary>
    public const string Label = "label";

    /// <summary>The inputs required by the model.</summary>
    public static IReadOnlyList<TensorMetadata> Inputs(LogisticModel model) =>
        [new(Features, Datatype.Fp64, [-1, model.Inputs.Length])];

    /// <summary>The outputs produced by every logistic model.</summary>
    public static IReadOnlyList<TensorMetadata> Outputs { get; } =
    [new(Probability, Datatype.Fp64, [-1]), new(Label, Datatype.Bytes, [-1])];

    /// <summary>Performs the inference, or returns the first error of the request.</summary>
    public static bool TryInfer(
        ModelVersion version,
        InferRequest request,
        [NotNullWhen(true)] out InferResponse? response,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        response = null;
        error = Validate(request, version.GetLogistic());
        if (error is not null)
        {
            return false;
        }

        var scores = version.GetLogistic().Score(request.Inputs[0].AsDoubles());
        return InferResponse.TryBuild(
            request,
            version,
            [
                new Tensor<double>(Probability, Datatype.Fp64, [request.Rows], scores.Probabilities),
                new Tensor<string>(Label, Datatype.Bytes, [request.Rows], scores.Labels),
            ],
            out response,
            out error
        );
    }

    private static FieldError? Validate(InferRequest request, LogisticModel model)
    {
        if (request.Inputs.Count != 1)
        {
            return new("inputs", $"must have 1 entry, the tensor \"{Features}\", has {request.Inputs.Count}");
        }

        var input = request.Inputs[0];
        if (input.Name != Features)
        {
            return new("inputs[0].name", $"must be \"{Features}\"");
        }

        if (!input.Datatype.IsNumeric)
        {
            return new("inputs[0].datatype", $"must be numeric, such as {Datatype.Fp64.Name}");
        }

        if (input.Shape.Length != 2 || input.Shape[1] != model.Inputs.Length)
        {
            return new("inputs[0].shape", $"must be [rows,{model.Inputs.Length}], is {Tensor.Describe(input.Shape)}");
        }

        return null;
    }
}
