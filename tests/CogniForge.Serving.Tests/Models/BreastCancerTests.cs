using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Models;

/// <summary>
/// Compares the shipped model with scikit-learn 1.2.1, by the output of samples/data/fit-breast-cancer.py.
/// </summary>
public class BreastCancerTests
{
    // predict_proba of the fitted pipeline (separate standardisation and regression) for the class "benign".
    [Theory]
    [InlineData(0, 2.065129723463982e-09)]
    [InlineData(4, 3.3711725198936014e-05)]
    [InlineData(8, 0.0039757805026079595)]
    [InlineData(20, 0.9982133815937649)]
    [InlineData(40, 0.9243390115417063)]
    [InlineData(68, 0.043730613113693646)]
    [InlineData(135, 0.8141685925082953)]
    [InlineData(152, 0.4716784747874768)]
    [InlineData(184, 0.3845431165826831)]
    [InlineData(340, 0.6967411494982619)]
    [InlineData(461, 7.374914337890298e-24)]
    [InlineData(568, 0.9999814571827347)]
    public void Score_Row_EqualsSklearn(int row, double expected)
    {
        var scores = Samples.BreastCancerModel().Score(Samples.BreastCancerRows()[row].Features);
        Assert.Equal(1, scores.Probabilities.Single() / expected, 1e-9);
    }

    [Fact]
    public void Score_HeldOutAndAllRows_MatchesAccuracy()
    {
        var rows = Samples.BreastCancerRows();
        var labels = Samples.BreastCancerModel().Score([.. rows.SelectMany(row => row.Features)]).Labels;
        var right = rows.Zip(labels, (row, label) => row.Class == label).ToList();

        Assert.Equal(569, rows.Count);
        Assert.Equal(562, right.Count(isRight => isRight));
        var heldOut = right.Where((_, row) => row % 4 == 0).ToList();
        Assert.Equal((140, 143), (heldOut.Count(isRight => isRight), heldOut.Count));
    }

    [Fact]
    public void ModelFile_Body_MatchesDataColumnsAndClasses()
    {
        using var json = JsonDocument.Parse(Samples.Read("breast-cancer.model.json"));
        var model = Samples.BreastCancerModel();
        Assert.Equal(LogisticModel.Kind, json.RootElement.GetProperty("kind").GetString());
        Assert.True(ModelName.IsValid(json.RootElement.GetProperty("name").GetString()));
        Assert.Equal<string>(["malignant", "benign"], model.Classes);

        using var csv = new StreamReader(new MemoryStream(Samples.Read("breast-cancer.csv")));
        Assert.Equal(csv.ReadLine(), string.Join(',', [.. model.Inputs, "class"]));
    }
}
