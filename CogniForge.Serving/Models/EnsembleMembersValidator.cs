using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Compares an ensemble with its members, so that none is registered that can never answer.</summary>
/// <remarks>What a member's schema leaves open, such as that of a file which is not loaded, may fit.</remarks>
internal sealed class EnsembleMembersValidator(IModelStore models)
{
    /// <summary>Finds the errors of a version whose own parts are valid; none unless it is an ensemble.</summary>
    public async Task<FieldErrors> ValidateAsync(VersionSpec? version, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (version is not { Kind: ModelKind.Ensemble, Definition: { } json })
        {
            return errors;
        }

        var definition = RegistryJson.Read<EnsembleDefinition>(json);
        var first = new FirstMember(definition.Classes?.Count);
        foreach (var (i, member) in definition.Members!.Index())
        {
            var found = await models.FindAsync(member!.Model!, member.Version, cancellationToken);
            if (Validate(definition.Method!.Value, member, found, first) is { } error)
            {
                errors.Add(error with { Path = $"definition.members[{i}].{error.Path}" });
            }
        }

        return errors;
    }

    private static FieldError? Validate(
        EnsembleMethod method,
        EnsembleMember member,
        ModelVersion? found,
        FirstMember first
    ) =>
        found is null ? new("version", $"must be a version of the model '{member.Model}'")
        : found.Kind == ModelKind.Ensemble ? new("model", "must not be an ensemble")
        : found.Kind == ModelKind.External ? new("model", "must be served here, not elsewhere")
        : ValidateOutputs(method, member, found.Schema.Outputs, first) ?? ValidateInputs(found.Schema.Inputs, first);

    private static FieldError? ValidateOutputs(
        EnsembleMethod method,
        EnsembleMember member,
        IReadOnlyList<TensorSpec> outputs,
        FirstMember first
    )
    {
        if (outputs.Count == 0)
        {
            return null;
        }

        if (member.FindOutput(method, outputs.Select(o => (o.Name, IsNumeric(o)))) is not { } name)
        {
            var possible = outputs.Where(o => method == EnsembleMethod.MajorityVote || IsNumeric(o));
            return new(
                "output",
                $"must be one that the method combines: {string.Join(", ", possible.Select(o => o.Name))}"
            );
        }

        if (
            method is not (EnsembleMethod.SoftVote or EnsembleMethod.Cascade)
            || CountClasses(outputs.First(o => o.Name == name)) is not { } classes
        )
        {
            return null;
        }

        first.Classes ??= classes;
        return classes == first.Classes
            ? null
            : new("output", $"must have {first.Classes} classes, as the ensemble or another member, has {classes}");
    }

    private static FieldError? ValidateInputs(IReadOnlyList<TensorSpec> inputs, FirstMember first)
    {
        if (inputs.Count == 0)
        {
            return null;
        }

        first.Inputs ??= inputs;
        return first.Inputs.Count == inputs.Count
            && inputs.All(i => first.Inputs.Any(other => other.Name == i.Name && CanBeBoth(other, i)))
            ? null
            : new(
                "model",
                $"must take the inputs of another member, {string.Join(", ", first.Inputs.Select(Describe))}"
            );
    }

    /// <summary>The classes of probabilities; one number for each row is the second of two.</summary>
    private static int? CountClasses(TensorSpec probabilities) =>
        probabilities.Shape switch
        {
            [_] or [_, 1] => 2,
            [_, > 1 and var classes] => (int)classes,
            _ => null,
        };

    private static bool CanBeBoth(TensorSpec one, TensorSpec other) =>
        (one.Datatype == other.Datatype || (IsNumeric(one) && IsNumeric(other)))
        && one.Shape.Count == other.Shape.Count
        && one.Shape.Zip(other.Shape).All(sizes => sizes.First < 0 || sizes.Second < 0 || sizes.First == sizes.Second);

    private static bool IsNumeric(TensorSpec tensor) => tensor.Datatype is not ("BYTES" or "BOOL");

    private static string Describe(TensorSpec tensor) =>
        $"{tensor.Name} {tensor.Datatype} [{string.Join(',', tensor.Shape)}]";

    /// <summary>What the members seen so far have in common.</summary>
    private sealed class FirstMember(int? classes)
    {
        public int? Classes { get; set; } = classes;

        public IReadOnlyList<TensorSpec>? Inputs { get; set; }
    }
}
