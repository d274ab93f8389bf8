"""The words that DrawingML lists for the values of its attributes (ECMA-376-1 20.1.10)."""

from __future__ import annotations

from typing import Final

SHAPES: Final = (
    "accentBorderCallout1 accentBorderCallout2 accentBorderCallout3 accentCallout1 accentCallout2 "
    "accentCallout3 actionButtonBackPrevious actionButtonBeginning actionButtonBlank "
    "actionButtonDocument actionButtonEnd actionButtonForwardNext actionButtonHelp "
    "actionButtonHome actionButtonInformation actionButtonMovie actionButtonReturn "
    "actionButtonSound arc bentArrow bentConnector2 bentConnector3 bentConnector4 bentConnector5 "
    "bentUpArrow bevel blockArc borderCallout1 borderCallout2 borderCallout3 bracePair "
    "bracketPair callout1 callout2 callout3 can chartPlus chartStar chartX chevron chord "
    "circularArrow cloud cloudCallout corner cornerTabs cube curvedConnector2 curvedConnector3 "
    "curvedConnector4 curvedConnector5 curvedDownArrow curvedLeftArrow curvedRightArrow "
    "curvedUpArrow decagon diagStripe diamond dodecagon donut doubleWave downArrow "
    "downArrowCallout ellipse ellipseRibbon ellipseRibbon2 flowChartAlternateProcess "
    "flowChartCollate flowChartConnector flowChartDecision flowChartDelay flowChartDisplay "
    "flowChartDocument flowChartExtract flowChartInputOutput flowChartInternalStorage "
    "flowChartMagneticDisk flowChartMagneticDrum flowChartMagneticTape flowChartManualInput "
    "flowChartManualOperation flowChartMerge flowChartMultidocument flowChartOfflineStorage "
    "flowChartOffpageConnector flowChartOnlineStorage flowChartOr flowChartPredefinedProcess "
    "flowChartPreparation flowChartProcess flowChartPunchedCard flowChartPunchedTape "
    "flowChartSort flowChartSummingJunction flowChartTerminator foldedCorner frame funnel gear6 "
    "gear9 halfFrame heart heptagon hexagon homePlate horizontalScroll irregularSeal1 "
    "irregularSeal2 leftArrow leftArrowCallout leftBrace leftBracket leftCircularArrow "
    "leftRightArrow leftRightArrowCallout leftRightCircularArrow leftRightRibbon leftRightUpArrow "
    "leftUpArrow lightningBolt line lineInv mathDivide mathEqual mathMinus mathMultiply "
    "mathNotEqual mathPlus moon noSmoking nonIsoscelesTrapezoid notchedRightArrow octagon "
    "parallelogram pentagon pie pieWedge plaque plaqueTabs plus quadArrow quadArrowCallout rect "
    "ribbon ribbon2 rightArrow rightArrowCallout rightBrace rightBracket round1Rect "
    "round2DiagRect round2SameRect roundRect rtTriangle smileyFace snip1Rect snip2DiagRect "
    "snip2SameRect snipRoundRect squareTabs star10 star12 star16 star24 star32 star4 star5 star6 "
    "star7 star8 straightConnector1 stripedRightArrow sun swooshArrow teardrop trapezoid triangle "
    "upArrow upArrowCallout upDownArrow upDownArrowCallout uturnArrow verticalScroll wave "
    "wedgeEllipseCallout wedgeRectCallout wedgeRoundRectCallout"
).split()
"""20.1.10.56 ST_ShapeType."""

PATTERNS: Final = (
    "cross dashDnDiag dashHorz dashUpDiag dashVert diagBrick diagCross divot dkDnDiag dkHorz "
    "dkUpDiag dkVert dnDiag dotDmnd dotGrid horz horzBrick lgCheck lgConfetti lgGrid ltDnDiag "
    "ltHorz ltUpDiag ltVert narHorz narVert openDmnd pct10 pct20 pct25 pct30 pct40 pct5 pct50 "
    "pct60 pct70 pct75 pct80 pct90 plaid shingle smCheck smConfetti smGrid solidDmnd sphere "
    "trellis upDiag vert wave wdDnDiag wdUpDiag weave zigZag"
).split()
"""20.1.10.51 ST_PresetPatternVal."""

COLORS: Final = (
    "aliceBlue antiqueWhite aqua aquamarine azure beige bisque black blanchedAlmond blue "
    "blueViolet brown burlyWood cadetBlue chartreuse chocolate coral cornflowerBlue cornsilk "
    "crimson cyan darkBlue darkCyan darkGoldenrod darkGray darkGreen darkGrey darkKhaki "
    "darkMagenta darkOliveGreen darkOrange darkOrchid darkRed darkSalmon darkSeaGreen "
    "darkSlateBlue darkSlateGray darkSlateGrey darkTurquoise darkViolet deepPink deepSkyBlue "
    "dimGray dimGrey dkBlue dkCyan dkGoldenrod dkGray dkGreen dkGrey dkKhaki dkMagenta "
    "dkOliveGreen dkOrange dkOrchid dkRed dkSalmon dkSeaGreen dkSlateBlue dkSlateGray dkSlateGrey "
    "dkTurquoise dkViolet dodgerBlue firebrick floralWhite forestGreen fuchsia gainsboro "
    "ghostWhite gold goldenrod gray green greenYellow grey honeydew hotPink indianRed indigo "
    "ivory khaki lavender lavenderBlush lawnGreen lemonChiffon lightBlue lightCoral lightCyan "
    "lightGoldenrodYellow lightGray lightGreen lightGrey lightPink lightSalmon lightSeaGreen "
    "lightSkyBlue lightSlateGray lightSlateGrey lightSteelBlue lightYellow lime limeGreen linen "
    "ltBlue ltCoral ltCyan ltGoldenrodYellow ltGray ltGreen ltGrey ltPink ltSalmon ltSeaGreen "
    "ltSkyBlue ltSlateGray ltSlateGrey ltSteelBlue ltYellow magenta maroon medAquamarine medBlue "
    "medOrchid medPurple medSeaGreen medSlateBlue medSpringGreen medTurquoise medVioletRed "
    "mediumAquamarine mediumBlue mediumOrchid mediumPurple mediumSeaGreen mediumSlateBlue "
    "mediumSpringGreen mediumTurquoise mediumVioletRed midnightBlue mintCream mistyRose moccasin "
    "navajoWhite navy oldLace olive oliveDrab orange orangeRed orchid paleGoldenrod paleGreen "
    "paleTurquoise paleVioletRed papayaWhip peachPuff peru pink plum powderBlue purple red "
    "rosyBrown royalBlue saddleBrown salmon sandyBrown seaGreen seaShell sienna silver skyBlue "
    "slateBlue slateGray slateGrey snow springGreen steelBlue tan teal thistle tomato turquoise "
    "violet wheat white whiteSmoke yellow yellowGreen"
).split()
"""20.1.10.47 ST_PresetColorVal."""

SYSTEM: Final = (
    "3dDkShadow 3dLight activeBorder activeCaption appWorkspace background btnFace btnHighlight "
    "btnShadow btnText captionText gradientActiveCaption gradientInactiveCaption grayText "
    "highlight highlightText hotLight inactiveBorder inactiveCaption inactiveCaptionText infoBk "
    "infoText menu menuBar menuHighlight menuText scrollBar window windowFrame windowText"
).split()
"""20.1.10.58 ST_SystemColorVal."""

CAMERAS: Final = (
    "isometricBottomDown isometricBottomUp isometricLeftDown isometricLeftUp "
    "isometricOffAxis1Left isometricOffAxis1Right isometricOffAxis1Top isometricOffAxis2Left "
    "isometricOffAxis2Right isometricOffAxis2Top isometricOffAxis3Bottom isometricOffAxis3Left "
    "isometricOffAxis3Right isometricOffAxis4Bottom isometricOffAxis4Left isometricOffAxis4Right "
    "isometricRightDown isometricRightUp isometricTopDown isometricTopUp legacyObliqueBottom "
    "legacyObliqueBottomLeft legacyObliqueBottomRight legacyObliqueFront legacyObliqueLeft "
    "legacyObliqueRight legacyObliqueTop legacyObliqueTopLeft legacyObliqueTopRight "
    "legacyPerspectiveBottom legacyPerspectiveBottomLeft legacyPerspectiveBottomRight "
    "legacyPerspectiveFront legacyPerspectiveLeft legacyPerspectiveRight legacyPerspectiveTop "
    "legacyPerspectiveTopLeft legacyPerspectiveTopRight obliqueBottom obliqueBottomLeft "
    "obliqueBottomRight obliqueLeft obliqueRight obliqueTop obliqueTopLeft obliqueTopRight "
    "orthographicFront perspectiveAbove perspectiveAboveLeftFacing perspectiveAboveRightFacing "
    "perspectiveBelow perspectiveContrastingLeftFacing perspectiveContrastingRightFacing "
    "perspectiveFront perspectiveHeroicExtremeLeftFacing perspectiveHeroicExtremeRightFacing "
    "perspectiveHeroicLeftFacing perspectiveHeroicRightFacing perspectiveLeft perspectiveRelaxed "
    "perspectiveRelaxedModerately perspectiveRight"
).split()
"""20.1.10.46 ST_PresetCameraType."""

RIGS: Final = (
    "balanced brightRoom chilly contrasting flat flood freezing glow harsh legacyFlat1 "
    "legacyFlat2 legacyFlat3 legacyFlat4 legacyHarsh1 legacyHarsh2 legacyHarsh3 legacyHarsh4 "
    "legacyNormal1 legacyNormal2 legacyNormal3 legacyNormal4 morning soft sunrise sunset threePt "
    "twoPt"
).split()
"""20.1.10.29 ST_LightRigType."""

BEVELS: Final = (
    "angle artDeco circle convex coolSlant cross divot hardEdge relaxedInset riblet slope softRound"
).split()
"""20.1.10.9 ST_BevelPresetType."""

MATERIALS: Final = (
    "clear dkEdge flat legacyMatte legacyMetal legacyPlastic legacyWireframe matte metal plastic "
    "powder softEdge softmetal translucentPowder warmMatte"
).split()
"""20.1.10.50 ST_PresetMaterialType."""

DASHES: Final = (
    "dash dashDot dot lgDash lgDashDot lgDashDotDot solid sysDash sysDashDot sysDashDotDot sysDot"
).split()
"""20.1.10.48 ST_PresetLineDashVal."""

UNDERLINES: Final = (
    "dash dashHeavy dashLong dashLongHeavy dbl dotDash dotDashHeavy dotDotDash dotDotDashHeavy "
    "dotted dottedHeavy heavy sng wavy wavyDbl wavyHeavy words none"
).split()
"""20.1.10.82 ST_TextUnderlineType."""

NUMBERINGS: Final = (
    "alphaLcParenBoth alphaLcParenR alphaLcPeriod alphaUcParenBoth alphaUcParenR alphaUcPeriod "
    "arabic1Minus arabic2Minus arabicDbPeriod arabicDbPlain arabicParenBoth arabicParenR "
    "arabicPeriod arabicPlain circleNumDbPlain circleNumWdBlackPlain circleNumWdWhitePlain "
    "ea1ChsPeriod ea1ChsPlain ea1ChtPeriod ea1ChtPlain ea1JpnChsDbPeriod ea1JpnKorPeriod "
    "ea1JpnKorPlain hebrew2Minus hindiAlpha1Period hindiAlphaPeriod hindiNumParenR hindiNumPeriod "
    "romanLcParenBoth romanLcParenR romanLcPeriod romanUcParenBoth romanUcParenR romanUcPeriod "
    "thaiAlphaParenBoth thaiAlphaParenR thaiAlphaPeriod thaiNumParenBoth thaiNumParenR "
    "thaiNumPeriod"
).split()
"""20.1.10.61 ST_TextAutonumberScheme."""

WARPS: Final = (
    "textNoShape textPlain textStop textTriangle textTriangleInverted textChevron "
    "textChevronInverted textRingInside textRingOutside textArchUp textArchDown textCircle "
    "textButton textArchUpPour textArchDownPour textCirclePour textButtonPour textCurveUp "
    "textCurveDown textCanUp textCanDown textWave1 textWave2 textDoubleWave1 textWave4 "
    "textInflate textDeflate textInflateBottom textDeflateBottom textInflateTop textDeflateTop "
    "textDeflateInflate textDeflateInflateDeflate textFadeRight textFadeLeft textFadeUp "
    "textFadeDown textSlantUp textSlantDown textCascadeUp textCascadeDown"
).split()
"""20.1.10.76 ST_TextShapeType."""
