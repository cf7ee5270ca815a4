using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Models;

public class LogisticModelTests
{
    [Fact]
    public void TryCreate_ValidParts_KeepsThem()
    {
        Assert.True(LogisticModel.TryCreate(["a", "b"], ["no", "yes"], -1.5, [2, 3], out var model, out var errors));
        Assert.Empty(errors);
        Assert.Equal<string>(["a", "b"], model.Inputs);
        Assert.Equal<string>(["no", "yes"], model.Classes);
        Assert.Equal(-1.5, model.Intercept);
        Assert.Equal<double>([2, 3], model.Coefficients);
    }

    [Fact]
    public void TryCreate_AllNull_RequiresEachPart() =>
        Assert.Equal(
            ["inputs is required.", "classes is required.", "intercept is required.", "coefficients is required."],
            Errors(null, null, null, null)
        );

    [Fact]
    public void TryCreate_ManyErrors_NamesAllPaths() =>
        Assert.Equal(
            [
                "inputs[1] must not be blank.",
                "inputs[2] must be unique, is the same as inputs[0].",
                "inputs[3] must not be blank.",
                "classes[1] must be unique, is the same as classes[0].",
                "intercept must be finite.",
                "coefficients must have as many entries as inputs (4), has 3.",
                "coefficients[1] must be finite.",
                "coefficients[2] must be finite.",
            ],
            Errors(["a", " ", "a", null], ["yes", "yes"], double.NaN, [1, double.PositiveInfinity, double.NaN])
        );

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void TryCreate_ClassCountIsNotTwo_Fails(int count) =>
        Assert.Equal(
            [$"classes must have 2 entries, has {count}."],
            Errors(["a"], [.. Enumerable.Range(0, count).Select(i => $"c{i}")], 0, [1])
        );

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void TryCreate_InputCountOutOfRange_Fails(int count) =>
        Assert.Equal(
            [$"inputs must have 1 to 10000 entries, has {count}."],
            Errors([.. Names(count)], ["no", "yes"], 0, new double[count])
        );

    [Fact]
    public void TryCreate_MaxInputs_Succeeds() =>
        Assert.Empty(Errors([.. Names(10_000)], ["no", "yes"], 0, new double[10_000]));

    [Fact]
    public void TryCreate_NamesDifferInCase_Succeeds() =>
        Assert.Empty(Errors(["a", "A"], ["no", "No"], 0, [1, 2]));

    [Fact]
    public void Score_Rows_ReturnsSecondClassProbabilityAndLabel()
    {
        var scores = Model([2, -1], intercept: 0).Score([0.5, 0, 0, 0.5, 1, 2]); // log-odds 1, -0.5, 0
        Assert.Equal(
            [0.731058578630005, 0.377540668798145, 0.5],
            scores.Probabilities.Select(probability => Math.Round(probability, 15))
        );
        Assert.Equal(["yes", "no", "no"], scores.Labels);
    }

    [Fact]
    public void Score_NoRows_IsEmpty() => Assert.Empty(Model([1], 0).Score([]).Labels);

    [Fact]
    public void Score_PartialRow_Throws() => Assert.Throws<ArgumentException>(() => Model([2, -1], 0).Score([1, 2, 3]));

    private static LogisticModel Model(double[] coefficients, double intercept)
    {
        Assert.True(
            LogisticModel.TryCreate(
                [.. Names(coefficients.Length)],
                ["no", "yes"],
                intercept,
                coefficients,
                out var model,
                out _
            )
        );
        return model;
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"x{i}");

    private static IEnumerable<string> Errors(
        string?[]? inputs,
        string[]? classes,
        double? intercept,
        double[]? coefficients
    )
    {
        Assert.Equal(
            LogisticModel.TryCreate(inputs, classes, intercept, coefficients, out var model, out var errors),
            errors.Count == 0
        );
        Assert.Equal(errors.Count == 0, model is not null);
        return errors.Select(e => $"{e.Path} {e.Rule}.");
    }
}
