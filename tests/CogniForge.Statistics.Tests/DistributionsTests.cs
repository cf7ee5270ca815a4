namespace CogniForge.Statistics.Tests;

public class DistributionsTests
{
    // Expected: scipy.stats.norm.isf, norm.sf, t.isf, t.sf and chi2.sf of SciPy 1.10.1.
    [Theory]
    [InlineData(0.05, 1.9599639845400545)]
    [InlineData(0.01, 2.575829303548901)]
    [InlineData(0.001, 3.2905267314918945)]
    [InlineData(1e-06, 4.891638475698591)]
    [InlineData(1e-12, 7.130506848171324)]
    public void NormalCritical_Alpha_EqualsScipy(double alpha, double expected) =>
        Approximately.Equal(expected, Distributions.NormalCritical(alpha), 1e-9);

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(0.5, 0.6170750774519738)]
    [InlineData(1.96, 0.04999579029644087)]
    [InlineData(5, 5.733031437583866e-07)]
    [InlineData(12, 3.552964224155306e-33)]
    [InlineData(37, 1.1451142445047853e-299)]
    public void NormalTwoSided_Z_EqualsScipy(double z, double expected) =>
        Approximately.Ratio(expected, Distributions.NormalTwoSided(z), 1e-9);

    [Theory]
    [InlineData(0.0, 3.0, 1.0)]
    [InlineData(1.0, 1.0, 0.49999999999999956)]
    [InlineData(2.0, 2.5, 0.157391495757966)]
    [InlineData(1000000.0, 1.0, 6.366197723673691e-07)]
    [InlineData(3.0, 30.0, 0.005389964065651944)]
    [InlineData(40.0, 200.0, 2.248739653520226e-97)]
    [InlineData(2.0, 1000000.0, 0.0455005338513192)]
    [InlineData(5.5, 4000000000.0, 3.7979127245591125e-08)]
    public void StudentTwoSided_T_EqualsScipy(double t, double df, double expected) =>
        Approximately.Ratio(expected, Distributions.StudentTwoSided(t, df), 1e-6);

    [Theory]
    [InlineData(0.0001, 1.0, 6366.197665637239)]
    [InlineData(0.05, 1.0, 12.706204736432102)]
    [InlineData(0.05, 2.7, 3.392148383176445)]
    [InlineData(0.01, 1000000.0, 2.5758342201053344)]
    [InlineData(0.5, 12.0, 0.6954828655117918)]
    [InlineData(0.9, 5.0, 0.1321751752316568)]
    public void StudentCritical_Alpha_EqualsScipy(double alpha, double df, double expected) =>
        Approximately.Ratio(expected, Distributions.StudentCritical(alpha, df), 1e-9);

    [Theory]
    [InlineData(0.5, 1, 0.47950012218695337)]
    [InlineData(3.84, 1, 0.05004352124870519)]
    [InlineData(10.0, 3, 0.01856613546304325)]
    [InlineData(700.0, 1, 2.990226975124623e-154)]
    [InlineData(1000.0, 1000, 0.49405285382923964)]
    [InlineData(1200.0, 1000, 1.2255942330622893e-05)]
    [InlineData(1000000.0, 999000, 0.2395669432290863)]
    public void ChiSquareUpper_X_EqualsScipy(double x, double df, double expected) =>
        Approximately.Ratio(expected, Distributions.ChiSquareUpper(x, df), 1e-6);
}
