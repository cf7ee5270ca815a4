using CogniForge.Statistics.Accuracy;

namespace CogniForge.Statistics.Tests.Accuracy;

public class ConfusionMatrixTests
{
    private static readonly string[] _labels = ["0", "1", "2", "3"];

    // Expected: confusion_matrix, accuracy_score and precision_recall_fscore_support of scikit-learn 1.2.1.
    [Fact]
    public void FromLabels_FourClasses_EqualsScikitLearn()
    {
        var (actual, predicted) = FourClasses();
        var matrix = ConfusionMatrix.FromLabels(actual, predicted);
        Assert.Equal(_labels, matrix.Labels);
        Assert.Equal([[32, 13, 5, 0], [9, 33, 0, 7], [9, 0, 39, 3], [0, 7, 4, 39]], matrix.Counts);
        Approximately.Equal(0.715, matrix.Accuracy, 1e-9);
        double[] precision = [0.64, 0.6226415094339622, 0.8125, 0.7959183673469388];
        double[] recall = [0.64, 0.673469387755102, 0.7647058823529411, 0.78];
        double[] f1 = [0.64, 0.6470588235294118, 0.787878787878788, 0.7878787878787878];
        long[] support = [50, 49, 51, 50];
        for (var i = 0; i < 4; i++)
        {
            Approximately.Equal(precision[i], matrix.Classes[i].Precision, 1e-9);
            Approximately.Equal(recall[i], matrix.Classes[i].Recall, 1e-9);
            Approximately.Equal(f1[i], matrix.Classes[i].F1, 1e-9);
            Assert.Equal(support[i], matrix.Classes[i].Support);
        }

        Equal(0.7177649691952253, 0.7145438175270109, 0.715704099821747, matrix.Macro);
        Equal(0.715, 0.715, 0.715, matrix.Micro);
        Equal(0.7187142616480554, 0.715, 0.7164081996434938, matrix.Weighted);
    }

    // Expected: as above, with zero_division=0, whose zeros for b's precision and c's recall are null here.
    [Fact]
    public void FromLabels_MissingClass_IsNotEstimable()
    {
        var matrix = ConfusionMatrix.FromLabels(["a", "a", "b"], ["a", "c", "c"]);
        Assert.Equal(new ClassMetrics("a", 2, 1, 0.5, 2 / 3.0), matrix.Classes[0]);
        Assert.Equal(new ClassMetrics("b", 1, null, 0, 0), matrix.Classes[1]);
        Assert.Equal(new ClassMetrics("c", 0, 0, null, 0), matrix.Classes[2]);
        Equal(1 / 3.0, 1 / 6.0, 0.2222222222222222, matrix.Macro);
        Equal(1 / 3.0, 1 / 3.0, 1 / 3.0, matrix.Micro);
        Equal(2 / 3.0, 1 / 3.0, 0.4444444444444444, matrix.Weighted);
    }

    [Fact]
    public void FromLabels_NoRows_IsNotEstimable()
    {
        var matrix = ConfusionMatrix.FromLabels([], []);
        Assert.Empty(matrix.Labels);
        Assert.Null(matrix.Accuracy);
        Assert.Null(matrix.Macro);
        Assert.Null(matrix.Micro);
        Assert.Null(matrix.Weighted);
    }

    [Fact]
    public void Create_Counts_EqualsFromLabels()
    {
        var matrix = new ConfusionMatrix(["no", "yes"], [[50, 10], [5, 35]]);
        Assert.Equal(100, matrix.Total);
        Approximately.Equal(0.85, matrix.Accuracy, 1e-12);
        Approximately.Equal(35 / 45.0, matrix.Classes[1].Precision, 1e-12);
        Approximately.Equal(35 / 40.0, matrix.Classes[1].Recall, 1e-12);
    }

    [Fact]
    public void Create_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentException>("predicted", () => ConfusionMatrix.FromLabels(["a"], []));
        Assert.Throws<ArgumentException>("counts", () => new ConfusionMatrix(["a"], []));
        Assert.Throws<ArgumentException>("counts", () => new ConfusionMatrix(["a"], [[1, 2]]));
        Assert.Throws<ArgumentOutOfRangeException>("counts", () => new ConfusionMatrix(["a"], [[-1]]));
    }

    private static (string[] Actual, string[] Predicted) FourClasses()
    {
        var (truth, error, other) = (Series.Uniform(200), Series.Uniform(200, 7), Series.Uniform(200, 3));
        string[] actual = [.. truth.Select(x => _labels[(int)(x * 4)])];
        return (actual, [.. actual.Select((label, i) => error[i] < 0.6 ? label : _labels[(int)(other[i] * 4)])]);
    }

    private static void Equal(double precision, double recall, double f1, AverageMetrics? actual)
    {
        Approximately.Equal(precision, actual?.Precision, 1e-9);
        Approximately.Equal(recall, actual?.Recall, 1e-9);
        Approximately.Equal(f1, actual?.F1, 1e-9);
    }
}
